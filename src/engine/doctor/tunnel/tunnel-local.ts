import { formatIpv4 } from '../../../core/ipv4.ts';
import { ipv4OfSixToFour } from '../../../core/sixtofour.ts';
import { sixToFourMartianOf } from '../../../core/sixtofour-martians.ts';
import { ok, problem, warning, type Check, type Finding } from '../finding.ts';
import { eachTunnel, type SeenTunnel } from './seen-tunnel.ts';
import { changeTunnel, generateSixToFour } from './tunnel-commands.ts';

/** The source of the outer packets. Private is right behind NAT; then the prefix is the gateway's. */
export const tunnelLocal: Check = {
  id: 'tunnel-local',
  group: 'tunnels',
  needsConfig: false,
  judge: (facts) => eachTunnel('tunnel-local', facts, judge),
};

function judge(seen: SeenTunnel, id: string): Finding {
  const { tunnel, kind, own, carrier } = seen;
  const { name, local } = tunnel;
  const sites = seen.addresses.map(({ address }) => ipv4OfSixToFour(address));
  const site = own.find((address) => sites.includes(address));
  if (local === undefined) {
    const found = `${name} has no local address: it takes packets to any address, and the route decides what others see as their source`;
    // The kernel lets nobody change its sit0, and has no other for any peer without a local address.
    if (kind !== '6in4')
      return problem(
        id,
        found,
        `Leave ${name} alone and make a tunnel: ${generateSixToFour('tun6to4', own[0], undefined)}`,
      );
    return warning(id, found, mend(seen));
  }
  const text = formatIpv4(local);
  if (!carrier) {
    return problem(
      id,
      `${text}, the local address of ${name}, is no address of this host: nothing leaves or arrives`,
      mend(seen),
    );
  }
  if (kind === '6to4' && site !== undefined && site !== local) {
    const found = `${name} sends from ${text}, and its prefix is that of ${formatIpv4(site)}, which this host has too: others drop what does not come from there`;
    return problem(id, found, changeTunnel(name, `local ${formatIpv4(site)}`));
  }
  const martian = sixToFourMartianOf(local);
  if (martian?.rfc === 'RFC 6598' && kind !== '6rd') {
    const found = `${text}, the local address of ${name}, is ${martian.what}: that translator lets no protocol 41 in`;
    return problem(id, found, 'Ask the provider for a public IPv4 address, or use WireGuard to a server instead.');
  }
  const where = martian?.rfc === 'RFC 1918' ? `${text} on ${carrier.name}, behind NAT` : `${text} on ${carrier.name}`;
  return ok(id, `${name} sends from ${where}`);
}

function mend({ tunnel: { name }, own, addresses }: SeenTunnel): string {
  const sites = addresses.map(({ address }) => ipv4OfSixToFour(address));
  const best = own.find((address) => sites.includes(address)) ?? own[0];
  if (best === undefined) return 'Give this host an IPv4 address first.';
  const others = own.filter((address) => address !== best).map(formatIpv4);
  const command = changeTunnel(name, `local ${formatIpv4(best)}`);
  return others.length === 0 ? command : `${command}; this host has ${others.join(', ')} too`;
}
