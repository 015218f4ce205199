import { ok, problem, unknown, type Finding } from '../../doctor/finding.ts';
import { describeVif } from '../vif.ts';
import type { XenFacts } from './xen-facts.ts';

/** Running guests, and what is left of those that are gone. */
export function judgeGuests({ guests }: XenFacts): Finding[] {
  if (!guests.known) return [unknown('xen-guest', 'which guests run', guests.why)];
  if (guests.value.length === 0) return [ok('xen-guest', 'no guest is running')];
  return guests.value.map(({ vif, faults }) => {
    const id = `xen-guest:${vif.device}`;
    if (faults.length === 0) return ok(id, `${describeVif(vif)} has what it should`);
    return problem(id, `${describeVif(vif)}: ${faults.join('; ')}`, 'sixgate xen sync');
  });
}
