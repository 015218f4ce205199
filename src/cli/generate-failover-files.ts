import { eventsPath, failoverPath } from '../daemon/paths.ts';
import { generateFailover, type FailoverTarget } from '../generate/failover/generate-failover.ts';
import { failoverKeys } from '../generate/failover/read-failover.ts';
import { systemProcesses } from '../host/system-processes.ts';
import { deliverGenerated, optionName, readIntent, type IntentOptions } from './generate-intent.ts';
import type { GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { printProblem } from './print-problem.ts';
import { readDhcpcdVersion } from './read-dhcpcd-version.ts';

export async function generateFailoverFiles(
  options: IntentOptions & GlobalOptions & { readonly for: FailoverTarget },
): Promise<number> {
  const read = await readIntent({ ...options }, failoverKeys);
  if (!read.ok) return printProblem(read.problem);
  let intent = read.value;
  const hasClient = !('client' in intent) || intent.client === 'dhcpcd';
  if (hasClient && !('dhcpcdVersion' in intent)) {
    const version = await readDhcpcdVersion(systemProcesses);
    if (!version.ok) return printProblem(version.problem);
    intent = { ...intent, dhcpcdVersion: version.value };
  }
  const paths = pathsOf(options);
  const request = {
    target: options.for,
    eventsDirectory: eventsPath(paths),
    stateFile: failoverPath(paths),
    ...(options.intent === undefined && { nameKey: optionName }),
  };
  return deliverGenerated(generateFailover(intent, request), options);
}
