import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ipv6FromBigInt } from '../../core/ipv6.ts';
import { covers, formatPrefix, overlap, prefixOf, subnetAt, subnetCount, type Prefix } from '../../core/prefix.ts';
import type { Config, Network, Translation } from '../../engine/config.ts';
import type { Delegation } from '../../engine/delegation.ts';
import { deriveDesired } from '../../engine/desired.ts';
import type { OffloadSight } from '../../engine/offload.ts';
import { nothingSeen } from '../../engine/steering.ts';
import type { KernelState, WantedTable } from '../../engine/kernel-state.ts';
import { plan } from '../../engine/plan.ts';
import { splitElement } from '../../engine/plan-elements.ts';
import { carryOutStep } from '../../testing/model-kernel.ts';
import { prefix } from '../../testing/healthy-host.ts';
import { findOffloaded } from './flowtable.ts';
import { compileWanted } from './wanted-tables.ts';

/*
 * From what the configuration and the delegations say to the steps, on a model of the kernel that may have been damaged. What is
 * real: what is desired, the tables, the plan. What the model knows of nftables: a table is replaced at once, a step
 * changes all its elements at once, and the steps are seen one after the other (nft takes all of them at once).
 */

const now = 1_800_000_000_000;
const guardKey = 'inet sixgate_guard';
const translateKey = 'ip6 sixgate';

const network = (name: string, base: string) =>
  fc
    .record({
      length: fc.integer({ min: 52, max: 60 }),
      ids: fc.uniqueArray(fc.nat({ max: 15 }), { minLength: 1, maxLength: 5 }),
    })
    .map(({ length, ids }): Network => {
      const whole = prefixOf(prefix(base).address, length);
      const subnets = ids.map((id, index) => ({
        name: `s${index}`,
        id,
        prefix: subnetAt(whole, BigInt(id))!,
        interface: `lan${index}`,
      }));
      return { name, prefix: whole, subnets };
    });

const uplinks = ['dsl', 'lte'].map((name, index) => ({
  name,
  interface: `eth${index}`,
  source: {
    from: 'dhcpv6',
    ias: index === 0 ? 1 : 3,
    iaid: 1,
    stateless: false,
    rapidCommit: true,
    firstOffer: false,
    release: false,
  } as const,
}));

const configs: fc.Arbitrary<Config> = fc
  .record({
    networks: fc.tuple(network('home', 'fd12:3456:789a::/48'), network('lab', 'fd77:3456:789a::/48')),
    used: fc.subarray([0, 1], { minLength: 1 }),
    which: fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 1 })),
    subprefix: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
    inbound: fc.constantFrom('deny' as const, 'allow' as const),
    offload: fc.boolean(),
  })
  .map(({ networks, used, which, subprefix, inbound, offload }) => ({
    uplinks: used.map((index) => uplinks[index]!),
    networks: [...networks],
    translations: used.map((index): Translation => ({
      network: networks[which[index]!]!,
      uplink: uplinks[index]!,
      ...(subprefix !== undefined && { subprefix }),
      mode: 'stateful',
      hairpin: true,
      inbound,
      offload,
      pinholes: [],
    })),
  }));

const delegation: fc.Arbitrary<Delegation> = fc
  .record({
    uplink: fc.constantFrom('dsl', 'lte'),
    iaid: fc.integer({ min: 1, max: 4 }),
    base: fc.nat({ max: 3 }),
    part: fc.bigInt({ min: 0n, max: 0xffffn }),
    length: fc.integer({ min: 48, max: 66 }),
    valid: fc.integer({ min: -1, max: 5 }),
    preferred: fc.boolean(),
    age: fc.nat({ max: 3 }),
    excluded: fc.option(fc.bigInt({ min: 0n, max: 0xffffn }), { nil: undefined }),
  })
  .map(({ uplink, iaid, base, part, length, valid, preferred, age, excluded }) => {
    const site = 0x2001_0db8_0000n + BigInt(base) + (uplink === 'lte' ? 0x100n : 0n);
    const whole = prefixOf(ipv6FromBigInt(((site << 16n) | part) << 64n), length);
    const room = subnetCount(whole, 64);
    const out = excluded !== undefined && room > 1n ? subnetAt(whole, excluded % room) : undefined;
    return {
      uplink,
      iaid,
      prefix: whole,
      ...(out && { excluded: out }),
      preferredUntil: preferred ? now + valid * 1000 : now - 1,
      validUntil: now + valid * 1000,
      since: now - age,
    };
  });

/** What the kernel says to a flowtable, and the interfaces that are there at the moment. */
const sights: fc.Arbitrary<OffloadSight> = fc.record({
  flowtables: fc.oneof(
    { weight: 3, arbitrary: fc.constant({ taken: true } as const) },
    fc.constant({ taken: false, why: 'no module' } as const),
  ),
  present: fc.subarray(['eth0', 'eth1', 'lan0', 'lan1', 'lan2', 'lan3', 'lan4', 'other']),
});

/** The kernel takes an interface that goes out of every flowtable. */
function withoutInterfaces(state: KernelState, { present }: OffloadSight): KernelState {
  return {
    ...state,
    tables: state.tables.map((table) => {
      const offloaded = table.elements.get('fast');
      if (!offloaded) return table;
      const left = offloaded.filter((element) => present.includes(element.slice(1, -1)));
      return { ...table, elements: new Map([...table.elements, ['fast', left]]) };
    }),
  };
}

/** What somebody else did to our part of the kernel. */
const damages = fc.record({
  tables: fc.subarray([guardKey, translateKey]),
  structure: fc.subarray([guardKey, translateKey]),
  routes: fc.boolean(),
  elements: fc.boolean(),
});

function damage(
  state: KernelState,
  how: { tables: string[]; structure: string[]; routes: boolean; elements: boolean },
): KernelState {
  return {
    routes: how.routes ? state.routes.filter((_, index) => index % 2 === 0) : state.routes,
    tables: state.tables
      .filter(({ key }) => !how.tables.includes(key))
      .map((table) => ({
        ...table,
        structure: how.structure.includes(table.key) ? table.structure.slice(0, -1) : table.structure,
        elements: how.elements
          ? new Map([...table.elements].map(([name, list]) => [name, list.filter((_, index) => index > 0)]))
          : table.elements,
      })),
  };
}

const find = (state: KernelState, key: string) => state.tables.find((table) => table.key === key);
const list = (state: KernelState, key: string, set: string): readonly string[] =>
  find(state, key)?.elements.get(set) ?? [];
const texts = new Map<string, Prefix>();
const parsed = (text: string): Prefix => {
  const known = texts.get(text);
  if (known) return known;
  const read = prefix(text);
  texts.set(text, read);
  return read;
};

/**
 * Uplinks and networks by which an inside source would leave untranslated: the guard is not there, its chain is not, or no rule of
 * it is about both.
 */
function leaks(state: KernelState, config: Config): string[] {
  const guard = find(state, guardKey) as WantedTable | undefined;
  const hasChain = guard?.structure.includes('chain leave: filter postrouting 300 accept') ?? false;
  const dropped = (guard?.definition ?? '').split('\n').flatMap((line) => {
    const [, uplink, text, comment] =
      /oifname "(.*?)" ip6 saddr (\S+) counter name leaving drop comment "(.*)"/.exec(line) ?? [];
    if (uplink === undefined || !guard!.structure.includes(`rule leave: ${comment}`)) return [];
    return [{ uplink, from: parsed(text!) }];
  });
  return config.uplinks.flatMap((uplink) =>
    config.networks
      .filter(
        (inside) =>
          !hasChain || !dropped.some((rule) => rule.uplink === uplink.interface && covers(rule.from, inside.prefix)),
      )
      .map((inside) => `${formatPrefix(inside.prefix)} by ${uplink.interface}`),
  );
}

/** Pairs of a map, as prefixes. */
const pairs = (state: KernelState, set: string): [Prefix, Prefix][] =>
  list(state, translateKey, set).map((element) => {
    const [key, value] = splitElement(element);
    return [parsed(key), parsed(value)];
  });

function expectNoCollision(state: KernelState, { translations }: Config): void {
  for (const { uplink } of translations) {
    for (const [name, directions] of [
      ['out', [0, 1]],
      ['in', [0]],
    ] as const) {
      // Wherever they are: a packet is to find one of them.
      const all = [...pairs(state, `${name}_${uplink.name}`), ...pairs(state, `${name}64_${uplink.name}`)];
      for (const [index, one] of all.entries()) {
        expect(one[0].length).toBe(one[1].length);
        for (const other of all.slice(index + 1))
          for (const side of directions) if (overlap(one[side], other[side])) throw new Error(`${name} collides`);
      }
    }
  }
}

const keys = (state: KernelState, set: string): string[] =>
  list(state, translateKey, set).map((element) => splitElement(element)[0]);

test(
  'from any delegations to any others, and from a damaged kernel: nothing leaks, collides or goes before its time, and it converges',
  { timeout: 60_000 },
  () => {
    const chapter = fc.tuple(fc.array(delegation, { maxLength: 5 }), fc.option(damages, { nil: undefined }), sights);
    const story = fc.array(chapter, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(configs, story, (config, chapters) => {
        let state: KernelState = { tables: [], routes: [] };
        const inside = config.networks.map((each) => each.prefix);
        for (const [delegations, harm, offload] of chapters) {
          if (harm) state = damage(state, harm);
          state = withoutInterfaces(state, offload);
          const sight = { ...nothingSeen, offload };
          const wanted = compileWanted(deriveDesired(config, delegations, now, [], false, sight));
          const before = state;
          const { steps } = plan({ known: true, value: state }, wanted, inside);
          // Adds before it removes.
          const kinds = steps.map((step) => step.do);
          expect(kinds.lastIndexOf('add-route')).toBeLessThan(
            kinds.includes('remove-route') ? kinds.indexOf('remove-route') : Infinity,
          );
          let open = leaks(state, config);
          for (const step of steps) {
            expect(step.because).not.toBe('');
            state = carryOutStep(state, step);
            // What is closed stays closed, also between two steps.
            const still = leaks(state, config);
            expect(still.filter((each) => !open.includes(each))).toEqual([]);
            open = still;
            expectNoCollision(state, config);
            // nft refuses the whole transaction for an interface that is not there.
            expect(offload.present).toEqual(expect.arrayContaining([...(findOffloaded(state.tables) ?? [])]));
            for (const text of wanted.routes.filter((route) => before.routes.includes(route)))
              if (!state.routes.includes(text)) throw new Error(`${text} was taken away`);
            if (find(before, translateKey)?.structure.join() !== find(wanted, translateKey)!.structure.join()) continue;
            for (const { uplink } of config.translations) {
              for (const kind of ['out', 'in', 'out64', 'in64']) {
                const set = `${kind}_${uplink.name}`;
                const kept = keys(wanted, set).filter((key) => keys(before, set).includes(key));
                expect(kept.filter((key) => !keys(state, set).includes(key))).toEqual([]);
              }
            }
          }
          expect(open).toEqual([]);
          expect(plan({ known: true, value: state }, wanted, inside).steps).toEqual([]);
          expect(plan({ known: false, why: 'nft hung' }, wanted, inside).steps).toEqual([]);
        }
      }),
      { seed: 7084, numRuns: 150 },
    );
  },
);

test('the configuration changes: what is inside by both is never open', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(configs, configs, fc.array(delegation, { maxLength: 4 }), (old, fresh, delegations) => {
      const state = compileWanted(deriveDesired(old, delegations, now));
      const wanted = compileWanted(deriveDesired(fresh, delegations, now));
      const both = {
        ...fresh,
        uplinks: fresh.uplinks.filter(({ name }) => old.uplinks.some((other) => other.name === name)),
        networks: fresh.networks.filter(({ prefix: one }) => old.networks.some((other) => covers(other.prefix, one))),
      };
      let at: KernelState = state;
      for (const step of plan(
        { known: true, value: state },
        wanted,
        fresh.networks.map((each) => each.prefix),
      ).steps) {
        at = carryOutStep(at, step);
        expect(leaks(at, both)).toEqual([]);
      }
      expect(plan({ known: true, value: at }, wanted, []).steps).toEqual([]);
    }),
    { seed: 4193, numRuns: 100 },
  );
});
