import { formatIpv6, ipv6FromBigInt } from '../../core/ipv6.ts';
import { contains, formatPrefix } from '../../core/prefix.ts';
import { shellWord } from '../../core/shell-word.ts';
import { ok, problem, unknown, warning, type Check, type Finding } from './finding.ts';
import type { InterfaceFact } from './host-facts.ts';
import { lanSubnets, type LanSubnet } from './lan-interfaces.ts';

export const subnetAddresses: Check = {
  id: 'address',
  group: 'interfaces',
  needsConfig: true,
  judge({ interfaces }, config) {
    return lanSubnets(config).flatMap((subnet) => {
      const id = `address:${subnet.name}`;
      if (!interfaces.known) return [unknown(id, `the addresses of ${subnet.interface}`, interfaces.why)];
      const present = interfaces.value.find(({ name }) => name === subnet.interface);
      return present ? [judge(id, subnet, present)] : [];
    });
  },
};

function judge(id: string, subnet: LanSubnet, { name, addresses }: InterfaceFact): Finding {
  const prefix = formatPrefix(subnet.prefix);
  const address = `${formatIpv6(ipv6FromBigInt(subnet.prefix.address | 1n))}/64`;
  const add = `ip -6 address add ${address} dev ${shellWord(name)}`;
  const own = addresses.filter(({ address: each }) => contains(subnet.prefix, each));
  const [usable] = own.filter(({ duplicate }) => !duplicate);
  if (!usable && own.length > 0) {
    const found = `somebody else on ${name} has the address ${formatIpv6(own[0]!.address)}, so it is not used`;
    return problem(id, found, 'Find out who has it ("ip -6 neighbour"), or give this router another one.');
  }
  if (!usable) return problem(id, `${name} has no address of subnet ${subnet.name} (${prefix})`, add);
  const text = `${formatIpv6(usable.address)}/${usable.length}`;
  if (own.some(({ duplicate, length }) => !duplicate && length === 64))
    return ok(id, `${name} has ${text} of subnet ${subnet.name}`);
  return warning(id, `${name} has ${text}, so it does not know that ${prefix} is on this link`, add);
}
