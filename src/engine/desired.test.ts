import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPrefix, overlap } from '../core/prefix.ts';
import { homeConfig, homeDelegation, now, prefix } from '../testing/healthy-host.ts';
import type { Config } from './config.ts';
import type { Delegation } from './delegation.ts';
import { deriveDesired } from './desired.ts';

const of = (text: string, change: Partial<Delegation> = {}): Delegation => ({
  ...homeDelegation,
  prefix: prefix(text),
  ...change,
});
const a = of('2001:db8:a:aa80::/58');
const b = of('2001:db8:b:bb80::/58', { since: now });
const brief = (delegations: readonly Delegation[], config: Config = homeConfig, at = now) =>
  deriveDesired(config, delegations, at).mappings.map(
    ({ inside, outside, direction, subnet }) =>
      `${subnet ?? 'all'}: ${formatPrefix(inside)} ${direction} ${formatPrefix(outside)}`,
  );

test('no prefix: no mapping, a problem, the inside route all the same', () => {
  const desired = deriveDesired(homeConfig, [], now);
  expect(desired).toMatchObject({ mappings: [], until: Infinity, problems: [{ code: 'delegation-missing' }] });
  expect(desired.unreachable.map(formatPrefix)).toEqual(['fc00::/7', 'fd12:3456:789a::/58']);
});

test('where the client’s own unreachable routes are watched, there is none of ours for its prefix', () => {
  const routed = homeConfig.uplinks.map((uplink) => ({ ...uplink, source: { from: 'route', protocol: 16 } as const }));
  const lingering = [{ uplink: routed[0]!.name, prefix: b.prefix, until: now + 1000 }];
  const { unreachable } = deriveDesired({ ...homeConfig, uplinks: routed }, [a], now, lingering);
  expect(unreachable.map(formatPrefix)).toEqual(['fc00::/7', 'fd12:3456:789a::/58']);
  expect(deriveDesired(homeConfig, [a], now, lingering).unreachable).toHaveLength(4);
});

test('the latest preferred one is used, the other is served inbound', () => {
  expect(brief([a, b])).toEqual([
    'all: fd12:3456:789a::/58 both 2001:db8:b:bb80::/58',
    'all: fd12:3456:789a::/58 inbound 2001:db8:a:aa80::/58',
  ]);
  expect(brief([a, { ...b, preferredUntil: now }])).toEqual([
    'all: fd12:3456:789a::/58 both 2001:db8:a:aa80::/58',
    'all: fd12:3456:789a::/58 inbound 2001:db8:b:bb80::/58',
  ]);
});

test('a lifetime ends at its moment, not after it', () => {
  expect(brief([a], homeConfig, a.validUntil - 1)).toHaveLength(1);
  expect(brief([a], homeConfig, a.validUntil)).toEqual([]);
  expect(deriveDesired(homeConfig, [a], a.validUntil).unreachable).toHaveLength(2);
});

test('until: the next moment that can change the answer', () => {
  expect(deriveDesired(homeConfig, [a], now).until).toBe(a.preferredUntil);
  expect(deriveDesired(homeConfig, [a], a.preferredUntil).until).toBe(a.validUntil);
  expect(deriveDesired(homeConfig, [a], a.validUntil).until).toBe(Infinity);
  expect(
    deriveDesired(homeConfig, [of('2001:db8::/58', { validUntil: Infinity, preferredUntil: Infinity })], now).until,
  ).toBe(Infinity);
});

describe('sizes', () => {
  test('a larger prefix: its first part', () => {
    expect(brief([of('2001:db8:a:aa00::/56')])).toEqual(['all: fd12:3456:789a::/58 both 2001:db8:a:aa00::/58']);
  });
  test('a smaller one: subnet by subnet, and who goes without is told', () => {
    const delegations = [of('2001:db8:a:aa80::/63')];
    expect(brief(delegations)).toEqual([
      'lan: fd12:3456:789a::/64 both 2001:db8:a:aa80::/64',
      'servers: fd12:3456:789a:1::/64 both 2001:db8:a:aa81::/64',
    ]);
    expect(deriveDesired(homeConfig, delegations, now).problems).toEqual([
      {
        code: 'delegation-too-small',
        message: '2001:db8:a:aa80::/63 on dsl leaves no prefix for remote',
        mend: expect.stringMatching(/larger/) as unknown,
      },
    ]);
  });
  test('the part that the configuration names, and a problem while there is none', () => {
    const [translation] = homeConfig.translations;
    const third = { ...homeConfig, translations: [{ ...translation!, subprefix: 2 }] };
    expect(brief([of('2001:db8:a:aa00::/56')], third)).toEqual(['all: fd12:3456:789a::/58 both 2001:db8:a:aa80::/58']);
    for (const [text, parts, write] of [
      ['2001:db8:a:aa00::/57', '2 parts', 'a subprefix from 0 to 1'],
      ['2001:db8:a:aa00::/60', 'one part', 'subprefix: 0'],
    ] as const) {
      expect(deriveDesired(third, [of(text)], now)).toMatchObject({
        mappings: [],
        problems: [
          {
            code: 'subprefix-missing',
            message: `${text} on dsl has ${parts} of /58, counted from 0, and home wants part 2 of it: it has no way out through it`,
            mend: `Write ${write}, take it out, or ask the provider for a larger prefix.`,
          },
        ],
      });
    }
  });
  test('they change on the way, /56 to /60 and back: the same slots each time', () => {
    const [large, small] = [of('2001:db8:a:aa00::/56'), of('2001:db8:b:bb80::/60', { since: now })];
    const again = { ...large, since: now + 1 };
    const one = ['all: fd12:3456:789a::/58 both 2001:db8:a:aa00::/58'];
    const slots = ['lan: fd12:3456:789a::/64 both 2001:db8:b:bb80::/64'];
    slots.push('servers: fd12:3456:789a:1::/64 both 2001:db8:b:bb81::/64');
    slots.push('remote: fd12:3456:789a:2::/64 both 2001:db8:b:bb82::/64');
    const inbound = (lines: readonly string[]) => lines.map((line) => line.replace('both', 'inbound'));
    expect(brief([large])).toEqual(one);
    expect(brief([large, small])).toEqual([...slots, ...inbound(one)]);
    expect(brief([small])).toEqual(slots);
    expect(brief([small, again])).toEqual([...one, ...inbound(slots)]);
    expect(brief([again])).toEqual(one);
  });
  test('one that shrinks in its place: what came in to subnets that lost theirs goes on until the old lifetime ends', () => {
    const [network] = homeConfig.networks;
    const attic = { name: 'attic', id: 33, prefix: prefix('fd12:3456:789a:21::/64') };
    const home = { ...network!, subnets: [...network!.subnets.slice(0, 2), attic] };
    const config = {
      ...homeConfig,
      networks: [home],
      translations: homeConfig.translations.map((each) => ({ ...each, network: home })),
    };
    const old = of('2001:db8:a:aa80::/57');
    const small = of('2001:db8:a:aa80::/63', { since: now });
    expect(brief([old, small], config)).toEqual([
      'lan: fd12:3456:789a::/64 both 2001:db8:a:aa80::/64',
      'servers: fd12:3456:789a:1::/64 both 2001:db8:a:aa81::/64',
      'attic: fd12:3456:789a:21::/64 inbound 2001:db8:a:aaa1::/64',
    ]);
    expect(brief([old, small], config, old.validUntil)).toHaveLength(0);
  });
  test('two that lie in each other are not both served', () => {
    expect(brief([of('2001:db8:a:aa80::/58', { since: now }), of('2001:db8:a:aa80::/57')])).toEqual([
      'all: fd12:3456:789a::/58 both 2001:db8:a:aa80::/58',
    ]);
  });
});

test('a router that stands by maps nothing, misses nothing, and has the routes of the active one', () => {
  const active = deriveDesired(homeConfig, [a], now);
  const passive = deriveDesired(homeConfig, [a], now, [], true);
  expect(active.mappings).not.toEqual([]);
  expect(passive).toEqual({ ...active, mappings: [], problems: [] });
  expect(deriveDesired(homeConfig, [], now, [], true).problems).toEqual([]);
});

test("another uplink's prefixes are not used", () => {
  expect(brief([{ ...a, uplink: 'other' }])).toEqual([]);
});

test('whatever is delegated: equal lengths, nothing overlaps on an uplink, one prefix in use for an inside address', () => {
  const delegation = fc
    .record({
      id: fc.bigInt(0n, 3n),
      length: fc.integer({ min: 56, max: 66 }),
      valid: fc.integer({ min: -2, max: 5 }),
      since: fc.integer({ min: 0, max: 3 }),
    })
    .map(({ id, length, valid, since }) =>
      of(`2001:db8:a:${(id << 6n).toString(16)}::/${Math.max(length, 58)}`, {
        validUntil: now + valid,
        preferredUntil: now + valid - 1,
        since,
      }),
    );
  fc.assert(
    fc.property(fc.array(delegation, { maxLength: 5 }), (delegations) => {
      const { mappings, until } = deriveDesired(homeConfig, delegations, now);
      expect(until).toBeGreaterThan(now);
      for (const [index, one] of mappings.entries()) {
        expect(one.inside.length).toBe(one.outside.length);
        for (const other of mappings.slice(index + 1)) {
          expect(overlap(one.outside, other.outside)).toBe(false);
          if (one.direction === 'both' && other.direction === 'both')
            expect(overlap(one.inside, other.inside)).toBe(false);
        }
      }
    }),
  );
});

describe('several identity associations of the own client (eight /64)', () => {
  const source = {
    from: 'dhcpv6',
    ias: 3,
    iaid: 1,
    stateless: false,
    rapidCommit: true,
    firstOffer: false,
    release: false,
  } as const;
  const uplink = { ...homeConfig.uplinks[0]!, source };
  const config = { ...homeConfig, uplinks: [uplink], translations: [{ ...homeConfig.translations[0]!, uplink }] };
  const one = of('2001:db8:a:1::/64', { iaid: 1 });
  const two = of('2001:db8:a:2::/64', { iaid: 2 });
  const three = of('2001:db8:a:3::/64', { iaid: 3 });

  test('each subnet gets the prefix of one, in the order of the IAIDs', () => {
    for (const delegations of [
      [one, two, three],
      [three, two, one],
    ]) {
      expect(brief(delegations, config)).toEqual([
        'lan: fd12:3456:789a::/64 both 2001:db8:a:1::/64',
        'servers: fd12:3456:789a:1::/64 both 2001:db8:a:2::/64',
        'remote: fd12:3456:789a:2::/64 both 2001:db8:a:3::/64',
      ]);
    }
    expect(deriveDesired(config, [one, two, three], now).problems).toEqual([]);
  });

  test('one that is replaced changes for its subnet only, which its old one still reaches', () => {
    const next = of('2001:db8:b:2::/64', { iaid: 2, since: now });
    expect(brief([one, two, three, next], config)).toEqual([
      'lan: fd12:3456:789a::/64 both 2001:db8:a:1::/64',
      'servers: fd12:3456:789a:1::/64 both 2001:db8:b:2::/64',
      'remote: fd12:3456:789a:2::/64 both 2001:db8:a:3::/64',
      'servers: fd12:3456:789a:1::/64 inbound 2001:db8:a:2::/64',
    ]);
  });

  test('too few: who gets nothing is told; a prefix that is large enough alone serves all', () => {
    expect(deriveDesired(config, [one, two], now).problems).toMatchObject([
      {
        code: 'delegation-too-small',
        message: '2001:db8:a:1::/64, 2001:db8:a:2::/64 on dsl leaves no prefix for remote',
      },
    ]);
    expect(brief([of('2001:db8:a:aa80::/58', { iaid: 1 }), two], config)).toEqual([
      'all: fd12:3456:789a::/58 both 2001:db8:a:aa80::/58',
    ]);
  });

  test('of an IAID that is no longer asked for: only what came in by it goes on', () => {
    const stray = of('2001:db8:a:9::/64', { iaid: 9, since: now });
    expect(brief([one, two, three, stray], config).slice(3)).toEqual([
      'lan: fd12:3456:789a::/64 inbound 2001:db8:a:9::/64',
    ]);
    expect(brief([stray], config)).toEqual(['lan: fd12:3456:789a::/64 both 2001:db8:a:9::/64']);
  });
});

test("an uplink's own prefix leaves as it is for as long as the uplink has it", () => {
  const network = { ...homeConfig.networks[0]!, prefix: prefix('2001:db8:a:aa80::/60'), subnets: [] };
  const config: Config = {
    ...homeConfig,
    networks: [network],
    translations: [{ ...homeConfig.translations[0]!, network, native: true }],
  };
  expect(brief([a], config)).toEqual(['all: 2001:db8:a:aa80::/60 both 2001:db8:a:aa80::/60']);
  for (const held of [[], [b], [{ ...a, validUntil: now }]]) {
    const { mappings, problems } = deriveDesired(config, held, now);
    expect(mappings).toEqual([]);
    expect(problems).toMatchObject([
      { code: 'delegation-missing', message: expect.stringMatching('as it is') as string },
    ]);
  }
});
