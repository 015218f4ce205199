import type { Problem } from '../../core/problem.ts';
import type { ClientState } from './client-state.ts';
import { nameStatus } from './protocol-numbers.ts';

/** As many messages without an answer as take about 7 s from the first on, by the RFC's figures. */
const silence = 4;

/** What stands between this client and its prefixes; undefined where nothing is known to. */
export function problemOfClient({ settings, denied, exchange, leases }: ClientState): Problem | undefined {
  const at = settings.interface;
  if (denied) {
    const text = denied.text === '' ? '' : `: "${denied.text}"`;
    const what = leases.length === 0 ? 'delegates no prefix' : 'does not delegate all that is asked for';
    return {
      code: 'delegation-denied',
      message: `the DHCPv6 server on ${at} ${what} (${nameStatus(denied.code)}${text})`,
      mend: 'Ask the provider whether it delegates prefixes on this line; it is asked again by itself.',
    };
  }
  if (!exchange || exchange.sent < silence || exchange.type === 'release') return undefined;
  return {
    code: 'server-silent',
    message: `no DHCPv6 server answers on ${at}`,
    mend: `Check the line to the provider, and with "sixgate doctor" that the firewall lets UDP port 546 in on ${at}.`,
  };
}
