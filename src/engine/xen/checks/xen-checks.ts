import type { Finding } from '../../doctor/finding.ts';
import type { GroupedFinding } from '../../doctor/checks.ts';
import type { XenConfig } from '../xen-config.ts';
import { judgeAddresses } from './addresses.ts';
import { judgeGuests } from './guests.ts';
import { judgeHook, judgeDefaultScript, judgeScripts } from './scripts.ts';
import { judgeFilter, judgeForwarding, judgeTools, judgeUplink } from './host.ts';
import type { XenFacts } from './xen-facts.ts';

const checks: readonly ((facts: XenFacts, config: XenConfig) => readonly Finding[])[] = [
  judgeScripts,
  judgeHook,
  judgeDefaultScript,
  judgeTools,
  judgeFilter,
  judgeForwarding,
  judgeUplink,
  judgeAddresses,
  judgeGuests,
];

/** Everything that a Xen host needs, what others depend on first. */
export function runXenChecks(facts: XenFacts, config: XenConfig): GroupedFinding[] {
  return checks.flatMap((judge) =>
    judge(facts, config).map((finding) => ({ ...finding, group: 'Xen guests' as const })),
  );
}
