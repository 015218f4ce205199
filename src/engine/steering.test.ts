import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPrefix, overlap } from '../core/prefix.ts';
import type { Mapping } from './mapping.ts';
import type { Config, Network, Uplink } from './config.ts';
import { defaultRouting, routedUplinks } from './routing.ts';
import { chosenFirst, deriveSteering, foreignTo, type Sight } from './steering.ts';
import { unknownHealth, type UplinkHealth } from './uplink-health.ts';
import type { LinkCondition, UplinkLink } from './uplink-link.ts';
import { address, prefix } from '../testing/healthy-host.ts';

const names = ['fiber', 'lte', 'sat'] as const;
type Name = (typeof names)[number];
const uplinks: readonly Uplink[] = names.map((name, index) => ({
  name,
  interface: `eth${index}`,
  source: { from: 'dhcpcd' },
}));
const outside: Readonly<Record<Name, string>> = {
  fiber: '2001:db8:a::/56',
  lte: '2001:db8:b::/56',
  sat: '2001:db8:c::/56',
};
const home: Network = { name: 'home', prefix: prefix('fd12:3456:789a::/56'), subnets: [] };

function configOf(network = home): Config {
  const rest = { mode: 'stateful', hairpin: true, inbound: 'deny', pinholes: [] } as const;
  return {
    uplinks,
    networks: [network],
    translations: uplinks.map((uplink) => ({ network, uplink, ...rest })),
    routing: defaultRouting,
  };
}

const mapping = (uplink: Name): Mapping => {
  return { uplink, network: 'home', inside: home.prefix, outside: prefix(outside[uplink]), direction: 'both' };
};
const linkOf = (name: Name, condition: LinkCondition = 'ready'): UplinkLink => {
  const at = uplinks.find((uplink) => uplink.name === name)!.interface;
  return { interface: at, condition, addresses: [], sources: [], routes: [], lasts: Infinity };
};
const state = (which: UplinkHealth['state'], why = 'no answer'): UplinkHealth => ({
  ...unknownHealth(0),
  state: which,
  why,
});

interface Situation {
  readonly prefixes?: readonly Name[];
  readonly states?: Partial<Record<Name, UplinkHealth['state']>>;
  readonly links?: Partial<Record<Name, LinkCondition>>;
  readonly prefer?: readonly string[];
}

function steer({ prefixes = names, states = {}, links = {}, prefer }: Situation) {
  const sight: Sight = {
    links: names.map((name) => linkOf(name, links[name])),
    health: new Map(names.flatMap((name) => (states[name] ? [[name, state(states[name])]] : []))),
  };
  const config = configOf(prefer ? { ...home, prefer } : home);
  const held = prefixes.map((uplink) => ({ uplink, prefix: prefix(outside[uplink]) }));
  return deriveSteering(config, prefixes.map(mapping), held, sight)!;
}

const choice = (situation: Situation) => steer(situation).choices[0]!;

test('no choice, no steering', () => {
  const { routing: _, ...config } = configOf();
  expect(deriveSteering(config, [], [], { links: [], health: new Map() })).toBeUndefined();
  expect(routedUplinks(config)).toEqual([]);
});

test('figures follow from the order of the configuration', () => {
  expect(routedUplinks(configOf()).map(({ table, mark }) => [table, mark.toString(16)])).toEqual([
    [6601, '1000000'],
    [6602, '2000000'],
    [6603, '3000000'],
  ]);
  const high = { ...configOf(), routing: { ...defaultRouting, mask: 0xf000_0000 } };
  expect(routedUplinks(high)[2]!.mark).toBe(0x3000_0000);
});

describe('the choice', () => {
  test.each<[string, Situation, Name | undefined, string]>([
    ['the first of all', {}, 'fiber', 'fiber comes first'],
    ['unknown is not down', { states: { fiber: 'unknown', lte: 'up' } }, 'fiber', 'fiber comes first'],
    ['the next one', { states: { fiber: 'down' } }, 'lte', 'fiber is down (no answer)'],
    ['a link that is gone', { links: { fiber: 'no-carrier' } }, 'lte', 'fiber is down (eth0 has no carrier)'],
    ['what has a prefix', { prefixes: ['sat'] }, 'sat', 'fiber has no prefix for it; lte has no prefix for it'],
    ['preference', { prefer: ['sat', 'lte'] }, 'sat', 'sat comes first'],
    [
      'all others come behind',
      { prefer: ['sat'], states: { sat: 'down', fiber: 'down' } },
      'lte',
      'sat is down (no answer); fiber is down (no answer)',
    ],
    [
      'all silent',
      { states: { fiber: 'down', lte: 'down', sat: 'down' } },
      'fiber',
      'all are down, and fiber is the best of them',
    ],
    [
      'all down, one with a link',
      { states: { fiber: 'down', lte: 'down', sat: 'down' }, links: { fiber: 'off', sat: 'missing' } },
      'lte',
      'all are down, and lte is the best of them',
    ],
    [
      'down with a prefix before up without',
      { prefixes: ['fiber'], states: { fiber: 'down', lte: 'up' } },
      'fiber',
      'all are down, and fiber is the best of them',
    ],
    ['nobody', { prefixes: [] }, undefined, 'no uplink has a prefix for it'],
  ])('%s', (_, situation, uplink, because) => {
    expect(choice(situation)).toEqual({ network: 'home', uplink, because });
  });
});

const situations = fc.record({
  prefixes: fc.subarray([...names]),
  states: fc.record({
    fiber: fc.constantFrom('up', 'down', 'unknown'),
    lte: fc.constantFrom('up', 'down', 'unknown'),
    sat: fc.constantFrom('up', 'down', 'unknown'),
  } as const),
  links: fc.record({
    fiber: fc.constantFrom<LinkCondition>('ready', 'no-carrier', 'no-route'),
    lte: fc.constantFrom<LinkCondition>('ready', 'off', 'missing'),
    sat: fc.constantFrom<LinkCondition>('ready', 'no-carrier'),
  }),
  prefer: fc.shuffledSubarray([...names]),
});

test('in any situation: a way out wherever one has a prefix, never a down one while another is not, and nobody is given up for nothing', () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const { ways, choices } = steer(situation);
      const uplink = choices[0]!.uplink as Name | undefined;
      const { prefixes, states, links, prefer } = situation;
      const isDown = (name: Name) => states[name] === 'down' || links[name] !== 'ready';
      expect(uplink === undefined).toBe(prefixes.length === 0);
      if (uplink === undefined) return;
      expect(prefixes).toContain(uplink);
      const good = prefixes.filter((name) => !isDown(name));
      if (good.length > 0) {
        expect(good).toContain(uplink);
        const order = [...prefer, ...names.filter((name) => !prefer.includes(name))];
        expect(uplink).toBe(order.find((name) => good.includes(name)));
      }
      for (const { uplink: way, givenUp } of ways)
        expect(givenUp).toBe(isDown(way.name as Name) && way.name !== uplink);
    }),
  );
});

test('what is foreign to an uplink is what only others have', () => {
  const held = [
    { uplink: 'fiber', prefix: prefix('2001:db8:a::/56') },
    { uplink: 'fiber', prefix: prefix('2001:db8:a:100::/56') },
    { uplink: 'lte', prefix: prefix('2001:db8:b::/56') },
  ];
  const links = [
    {
      ...linkOf('fiber'),
      addresses: [address('2001:db8:a::1'), address('2001:db8:5::2'), address('fd12:3456:789a::1')],
    },
    { ...linkOf('lte'), addresses: [address('2001:db8:6::2'), address('2001:db8:5::3')] },
  ];
  const { ways } = deriveSteering(configOf(), [], held, { links, health: new Map() })!;
  const [fiber, lte, sat] = ways;
  // An address within a delegation stands for itself no more, and an inside one is nobody's.
  expect(fiber!.own.map(formatPrefix)).toEqual(['2001:db8:a::/56', '2001:db8:a:100::/56', '2001:db8:5::2/128']);
  expect(foreignTo(fiber!, ways).map(formatPrefix)).toEqual([
    '2001:db8:b::/56',
    '2001:db8:6::2/128',
    '2001:db8:5::3/128',
  ]);
  expect(foreignTo(sat!, ways)).toHaveLength(6);
  for (const way of ways) {
    for (const foreign of foreignTo(way, ways)) expect(way.own.some((own) => overlap(own, foreign))).toBe(false);
  }
  expect(foreignTo(lte!, [fiber!, lte!, { ...sat!, own: lte!.own }]).map(formatPrefix)).toEqual(
    fiber!.own.map(formatPrefix),
  );
});

test('mappings of chosen uplinks come first, for who takes one of them', () => {
  const mappings = names.map(mapping);
  const order = (situation: Situation) => chosenFirst(mappings, steer(situation)).map(({ uplink }) => uplink);
  expect(order({})).toEqual(['fiber', 'lte', 'sat']);
  expect(order({ states: { fiber: 'down' } })).toEqual(['lte', 'fiber', 'sat']);
  expect(chosenFirst(mappings, undefined)).toBe(mappings);
});
