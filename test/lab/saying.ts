import type { Lab } from './lab.ts';
import type { LabProcess } from './lab-process.ts';
import type { DelegateJob } from './probe/job.ts';
import { startProbe } from './probes.ts';

/** The first router's link-local address on the WAN, made from `wanMac`. */
const routerLinkLocal = 'fe80::ff:fe00:aa01';

/**
 * Puts a DHCPv6 server in Kea's place that says what Kea cannot be made to say (see kea-config.ts), and routes what is
 * still valid to the router. To say something else, stop it and start another.
 */
export async function startSaying(
  lab: Lab,
  words: Pick<DelegateJob, 'prefixes'> & Partial<Pick<DelegateJob, 't1' | 't2' | 'status'>>,
): Promise<LabProcess> {
  await lab.provider.stopKea();
  const { prefixes, t1 = 900, t2 = 1440, status } = words;
  const routes = prefixes.filter(({ valid }) => valid > 0).map(({ prefix }) => prefix);
  const lines = routes.map((prefix) => `route replace ${prefix} via ${routerLinkLocal} dev brwan proto 99\n`);
  // -force: a prefix with host bits, said on purpose, is no route.
  await lab.shell('provider').attempt(['ip', '-6', '-force', '-batch', '-'], { input: lines.join('') });
  return (await startProbe(lab, 'provider', { kind: 'delegate', link: 'brwan', prefixes, t1, t2, status })).process;
}
