import { formatIpv4, type Ipv4Address } from '../../../core/ipv4.ts';
import { shellWord } from '../../../core/shell-word.ts';
import { ok, problem, type Check } from '../finding.ts';
import { kindOf } from './seen-tunnel.ts';

export const tunnelPresence: Check = {
  id: 'tunnel',
  group: 'tunnels',
  needsConfig: false,
  judge({ tunnelling }) {
    return tunnelling.tunnels.map((tunnel) => {
      const { name, up, local, remote } = tunnel;
      const id = `tunnel:${name}`;
      const what = `${name} is a ${kindOf(tunnel)} tunnel from ${end(local, 'any address')} to ${end(remote, 'all sites')}`;
      if (up) return ok(id, what);
      return problem(id, `${what}, and it is down`, `ip link set dev ${shellWord(name)} up`);
    });
  },
};

function end(address: Ipv4Address | undefined, any: string): string {
  return address === undefined ? any : formatIpv4(address);
}
