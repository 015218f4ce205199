import type { Check } from '../finding.ts';
import { judgeSixInFour } from './prefix-of-6in4.ts';
import { judgeSixRd } from './prefix-of-6rd.ts';
import { judgeSixToFour } from './prefix-of-6to4.ts';
import { publicIpv4Of } from './public-ipv4.ts';
import { eachTunnel } from './seen-tunnel.ts';

/** The addresses on the tunnel against the IPv4 address that they are made of. */
export const tunnelPrefix: Check = {
  id: 'tunnel-prefix',
  group: 'tunnels',
  needsConfig: false,
  judge: (facts, config) =>
    eachTunnel('tunnel-prefix', facts, (seen, id) => {
      const outside = publicIpv4Of(seen, config);
      if (seen.kind === '6to4') return judgeSixToFour(seen, id, outside);
      return seen.kind === '6rd' ? judgeSixRd(seen, id) : judgeSixInFour(seen, id);
    }),
};
