import { dsl, home, stateful } from './family-stateful.ts';
import type { Family } from './family.ts';
import type { Kinds } from './kind.ts';

/** Rules of the admin, of whom ours are to leave all as it is. */
const admin = `
  ip6tables -N ADMIN
  ip6tables -A ADMIN -s 2001:db8:77::/48 -j DROP
  ip6tables -A ADMIN -p tcp --dport 22 -m comment --comment "let me in; \\"really\\"" -j ACCEPT
  ip6tables -A FORWARD -j ADMIN
  ip6tables -t nat -A POSTROUTING -s fd99::/64 -o eth9 -j MASQUERADE
  ip6tables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
`;

/** As a firewall script calls our chains, whether they are there yet or not. */
const calls = [
  ['mangle', 'PREROUTING', 'SIXGATE-PRE'],
  ['mangle', 'INPUT', 'SIXGATE-IN'],
  ['mangle', 'FORWARD', 'SIXGATE-FWD'],
  ['mangle', 'POSTROUTING', 'SIXGATE-POST'],
  ['nat', 'PREROUTING', 'SIXGATE-PRE'],
  ['nat', 'POSTROUTING', 'SIXGATE-POST'],
  ['filter', 'FORWARD', 'SIXGATE-FWD'],
]
  .map(
    ([table, from, to]) =>
      `ip6tables -t ${table} -N ${to} 2>/dev/null; ip6tables -t ${table} -C ${from} -j ${to} 2>/dev/null || ip6tables -t ${table} -I ${from} -j ${to}`,
  )
  .join('\n');

const kinds: Kinds = {
  ...stateful.kinds,
  'firewall script': {
    weight: 8,
    choose: (random) => ({ times: 1 + random.below(3), pause: random.pick([0, 30, 300]) }),
    async run(world, _, { times, pause }: { times: number; pause: number }) {
      const clear = ['mangle', 'nat', 'filter'].map((table) => `ip6tables -t ${table} -F; ip6tables -t ${table} -X`);
      for (let count = 0; count < times; count++) {
        await world.attempt(['sh', '-c', `${clear.join('; ')}; sleep ${pause / 1000}; ${admin}`]);
      }
    },
  },
};

export const chains: Family = {
  ...stateful,
  name: 'ip6tables',
  config: `backend: ip6tables${dsl}${home} }\n`,
  kinds,
  tools: ['ip6tables-save', 'ip6tables-restore', 'ip', 'conntrack', 'nft'],
  // Not the held guard: what iptables has of it is in front of the translation, and cannot see whether that is still there.
  monitors: ['nft monitor', 'ip', 'ip6tables-restore'],
  openWhileDead: true,
  spoil: 'ip6tables -t nat -F SIXGATE-POST',
  empty: 'ip6tables -t nat -F SIXGATE-OUT-dsl',
  edits: [
    '-t nat -F',
    '-t mangle -F',
    '-t filter -F SIXGATE-FWD',
    '-t mangle -D POSTROUTING -j SIXGATE-POST',
    '-t nat -D POSTROUTING -j SIXGATE-POST',
    '-t nat -D PREROUTING -j SIXGATE-PRE',
    '-t nat -I SIXGATE-POST -j RETURN',
    '-t mangle -I SIXGATE-LEAVE-dsl -j RETURN',
    '-t mangle -F SIXGATE-LEAVE-dsl',
    '-t nat -F SIXGATE-OUT-dsl',
    '-t nat -F SIXGATE-INTO-dsl',
    '-t nat -N SIXGATE-OUT-other',
    '-t mangle -A SIXGATE-ULA -j ACCEPT',
    '-t nat -A SIXGATE-OUT-dsl -s fd12:3456:789a::/58 -j NETMAP --to 2001:db8:66::/58',
  ].map((edit) => `ip6tables ${edit}`),
  async prepare(world) {
    await world.router(['sh', '-ec', admin]);
  },
  async foreign(world) {
    const { stdout } = await world.attempt(['ip6tables-save']);
    return stdout
      .split('\n')
      .filter((line) => /ADMIN|fd99|TCPMSS/.test(line))
      .map((line) => line.replace(/\[\d+:\d+\]/, ''))
      .toSorted()
      .join('\n');
  },
  async restore(world) {
    await world.attempt(['sh', '-c', admin]);
  },
  // Nothing is told of by iptables: a look every three seconds finds what no monitor saw.
  patience: 3000,
  async after(world) {
    const saved = await this.foreign!(world);
    // A flush took them away, and the script that puts them back runs again.
    if (!/fd99/.test(saved) || !/ADMIN/.test(saved) || !/TCPMSS/.test(saved)) {
      const tidy = [
        'ip6tables -D FORWARD -j ADMIN',
        'ip6tables -F ADMIN',
        'ip6tables -X ADMIN',
        'ip6tables -t nat -D POSTROUTING -s fd99::/64 -o eth9 -j MASQUERADE',
        'ip6tables -t mangle -D FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu',
      ];
      await world.attempt(['sh', '-c', `${tidy.join('; ')}; ${admin}`]);
    }
    await world.attempt(['sh', '-c', calls]);
  },
};
