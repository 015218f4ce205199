import { formatPrefix, parsePrefix, type Prefix } from '../../../core/prefix.ts';
import { shellWord } from '../../../core/shell-word.ts';
import { sixToFourMartians } from '../../../core/sixtofour-martians.ts';
import { ok, unknown, warning, type Check, type Finding } from '../finding.ts';
import type { HostFacts } from '../host-facts.ts';
import { judgeStop } from './judge-stop.ts';
import { eachTunnel, type SeenTunnel } from './seen-tunnel.ts';
import { isWithdrawnRelay, relayRoutes } from './tunnel-path.ts';

/**
 * The kernel compares inner and outer source of other sites only (net/ipv6/sit.c): everything else that is packed into protocol
 * 41 is believed from anybody (RFC 3964 section 4). 6in4 takes packets of its one peer only.
 */
export const tunnelFilter: Check = {
  id: 'tunnel-filter',
  group: 'tunnels',
  needsConfig: false,
  judge: (facts) =>
    eachTunnel('tunnel-filter', facts, (seen, id) => (seen.kind === '6in4' ? [] : judge(facts, seen, id))),
};

const privateSites = sixToFourMartians.filter(({ rfc }) => rfc === 'RFC 1918').map(({ prefix }) => prefix);
const linkLocal = prefix('fe80::/10');
/** Stands for the Internet outside 6to4; none of it can be the source without a relay. */
const elsewhere = prefix('2001:4000::/23');

function prefix(text: string): Prefix {
  const read = parsePrefix(text);
  if (!read.ok) throw new RangeError(text);
  return read.value;
}

function judge({ firewall }: HostFacts, { tunnel, kind }: SeenTunnel, id: string): Finding {
  const { name } = tunnel;
  if (!firewall.known) return unknown(id, 'the firewall', firewall.why);
  const relayed = relayRoutes(tunnel).some(({ relay }) => !isWithdrawnRelay(relay));
  const forged = [
    linkLocal,
    ...(kind === '6to4' ? privateSites : []),
    ...(kind === '6to4' && !relayed ? [elsewhere] : []),
  ];
  const judged = forged.map((source) => ({
    source,
    stop: judgeStop(firewall.value, {
      hooks: ['prerouting', 'input'],
      fields: { family: { text: 'ipv6' }, iifname: { text: name }, source: { prefix: source } },
    }),
  }));
  const passing = judged.find(({ stop }) => stop === 'no');
  const mend = filterCommand(name, kind === '6to4' && !relayed);
  if (passing) {
    const text = passing.source === elsewhere ? 'the rest of the Internet' : formatPrefix(passing.source);
    const found = `no firewall drops what comes out of ${name} with a source of ${text}: anybody who sends it protocol 41 is believed`;
    return warning(id, found, mend);
  }
  if (judged.some(({ stop }) => stop === 'unclear')) {
    const found = `whether a firewall drops forged sources from ${name} cannot be told: a rule that decides is not understood here`;
    return { id, result: 'unknown', found, mend: `See that it does: ${mend}` };
  }
  return ok(id, `forged sources from ${name} are dropped`);
}

function filterCommand(name: string, sitesOnly: boolean): string {
  const bogus = [
    ...sixToFourMartians.filter(({ rfc }) => rfc !== 'RFC 5737').map((each) => formatPrefix(each.prefix)),
    '::/96',
    'fe80::/10',
    'fec0::/10',
  ];
  const drop = `iifname "${name}" ip6 saddr`;
  const rules = [`${drop} { ${bogus.join(', ')} } drop`, ...(sitesOnly ? [`${drop} != 2002::/16 drop`] : [])];
  const table = `table ip6 filter_${name.replaceAll(/\W/g, '_')}`;
  const text = `${table} { chain inbound { type filter hook prerouting priority raw; ${rules.join('; ')}; }; }`;
  return `nft ${shellWord(text)}  # "sixgate generate" writes a file with it and more`;
}
