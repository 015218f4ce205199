import { ipv4MappedPrefix } from '../../../core/ipv4-mapped.ts';
import { formatIpv4 } from '../../../core/ipv4.ts';
import type { Packet } from '../../firewall/judge-packet.ts';
import { warning, type Check, type Finding } from '../finding.ts';
import type { HostFacts } from '../host-facts.ts';
import { judgeFirewall } from '../judge-firewall.ts';
import { eachTunnel, type SeenTunnel } from './seen-tunnel.ts';

/** Whether the packets of other ends get in past the IPv4 firewall. */
export const tunnelInput: Check = {
  id: 'tunnel-input',
  group: 'tunnels',
  needsConfig: false,
  judge: (facts) => eachTunnel('tunnel-input', facts, (seen, id) => judge(facts, seen, id)),
};

function judge({ tunnelling: { ipv4Firewall: firewall } }: HostFacts, seen: SeenTunnel, id: string): Finding {
  const { name, remote } = seen.tunnel;
  const from = remote === undefined ? 'other sites' : formatIpv4(remote);
  const ask = (state: 'new' | 'established'): Finding => {
    const question = {
      packet: arriving(seen, state),
      what: `protocol 41 from ${from} for ${name}`,
      nft: `${remote === undefined ? '' : `ip saddr ${from} `}ip protocol 41 accept`,
      ip6tables: `${remote === undefined ? '' : `-s ${from} `}-p 41`,
    };
    return judgeFirewall(id, firewall, [question], `protocol 41 from ${from} comes in`);
  };
  const unasked = ask('new');
  if (seen.kind !== '6in4' || unasked.result !== 'problem' || ask('established').result !== 'ok') return unasked;
  const found = `${unasked.found} unless it is an answer: after ten minutes of silence nobody reaches this host`;
  return warning(id, found, unasked.mend ?? '');
}

function arriving({ tunnel: { local, remote }, carrier }: SeenTunnel, state: 'new' | 'established'): Packet {
  return {
    hooks: ['prerouting', 'input'],
    fields: {
      family: { text: 'ipv4' },
      protocol: { text: '41' },
      'ct state': { text: state },
      ...(carrier && { iifname: { text: carrier.name } }),
      ...(local !== undefined && { destination: { prefix: ipv4MappedPrefix(local) } }),
      ...(remote !== undefined && { source: { prefix: ipv4MappedPrefix(remote) } }),
    },
  };
}
