import { contains, formatPrefix } from '../../core/prefix.ts';
import type { PrefixSource } from '../config.ts';
import { describeNoPrefix, describeUnmanaged, unmanagedState } from '../networkmanager-device.ts';
import { rankDelegations } from '../rank-delegations.ts';
import { ok, problem, unknown, type Check, type Finding } from './finding.ts';
import type { HostFacts } from './host-facts.ts';

type NetworkManagerSource = Extract<PrefixSource, { readonly from: 'networkmanager' }>;

/** Whether NetworkManager runs, manages the uplink, and was delegated what it is to ask for. */
export const networkManager: Check = {
  id: 'networkmanager',
  group: 'prefix',
  needsConfig: true,
  judge: (facts, config) =>
    config.uplinks.flatMap(({ name, interface: on, source }) =>
      source.from === 'networkmanager' ? [judge(facts, name, on, source)] : [],
    ),
};

function judge(facts: HostFacts, uplink: string, on: string, source: NetworkManagerSource): Finding {
  const id = `networkmanager:${on}`;
  const read = facts.networkManager.get(on) ?? { known: false, why: 'nobody asked' };
  if (!read.known) return unknown(id, `what NetworkManager holds for ${on}`, read.why);
  const { state, prefixes = [] } = read.value;
  if (state === unmanagedState) {
    const { message, mend } = describeUnmanaged(on);
    return problem(id, message, mend ?? '');
  }
  if (prefixes.length > 0) {
    return ok(id, `NetworkManager was delegated ${prefixes.map(formatPrefix).join(', ')} on ${on}`);
  }
  const { current } = rankDelegations(facts.delegations.known ? facts.delegations.value : [], uplink, facts.now);
  const links = facts.interfaces.known ? facts.interfaces.value : [];
  const shared = links.find((link) => link.name === source.of)?.addresses ?? [];
  if (current && shared.some(({ address }) => contains(current.prefix, address))) {
    return ok(id, `NetworkManager numbers ${source.of} out of ${formatPrefix(current.prefix)}`);
  }
  const { message, mend } = describeNoPrefix(on, source);
  return problem(id, message, mend ?? '');
}
