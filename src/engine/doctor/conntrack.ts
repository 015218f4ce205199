import { setSetting } from './set-setting.ts';
import { ok, problem, unknown, warning, type Check, type Finding } from './finding.ts';
import type { HostFacts } from './host-facts.ts';

const maximum = 'net/netfilter/nf_conntrack_max';
const loose = 'net/netfilter/nf_conntrack_tcp_loose';

export const conntrack: Check = {
  id: 'conntrack',
  group: 'this machine',
  needsConfig: false,
  judge: (facts) => [judgeTable(facts), judgeLoose(facts)],
};

function judgeTable({ flows, settings }: HostFacts): Finding {
  if (!flows.known) return unknown('conntrack', 'the table of flows', flows.why);
  const size = settings.get(maximum);
  // The setting comes with the module, and that with the first rule that needs it.
  if (size === undefined) return ok('conntrack', `${flows.value} flows`);
  const share = Math.round((flows.value / size) * 100);
  const found = `the table of flows has ${flows.value} of at most ${size} (${share} %)`;
  const mend = setSetting(maximum, size * 2);
  if (share >= 90) return problem('conntrack', `${found}: new flows are about to be dropped`, mend);
  return share >= 70 ? warning('conntrack', found, mend) : ok('conntrack', found);
}

function judgeLoose({ settings }: HostFacts): Finding {
  const value = settings.get(loose);
  if (value === undefined) return unknown('tcp-loose', loose, 'there is no such setting before conntrack is in use');
  if (value !== 0) return ok('tcp-loose', 'TCP connections that began elsewhere are picked up');
  const found =
    'TCP connections are not picked up midway: each one breaks when its flow is moved or the router restarts';
  return warning('tcp-loose', found, setSetting(loose, 1));
}
