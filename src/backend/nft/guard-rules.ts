import { ipv6FromWords } from '../../core/ipv6.ts';
import { prefixOf, type Prefix } from '../../core/prefix.ts';
import type { Config } from '../../engine/config.ts';
import type { Detour } from '../../engine/stateless.ts';
import { passedPriority } from '../passed-priority.ts';
import { matchBeginning, matchBeginnings, matchNetworks, matchQuickly } from './match-networks.ts';
import type { Chain, Rule } from './table.ts';

// What both copies of the guard are made of.

const uniqueLocal = prefixOf(ipv6FromWords([0xfc00, 0, 0, 0, 0, 0, 0, 0]), 7);

/** What the guard lets out with inside addresses: into detours, and as it is. */
export interface GuardExceptions {
  readonly detours?: readonly Detour[];
  readonly natives?: readonly NativePrefix[];
}

/** An inside prefix that is the own one of an uplink at this moment, so that it goes out and comes in there as it is. */
export interface NativePrefix {
  readonly interface: string;
  readonly prefix: Prefix;
}

/** The interfaces of uplinks that translate without state. */
export function statelessInterfaces({ translations }: Config): string[] {
  return translations.filter(({ mode }) => mode === 'rfc6296').map(({ uplink }) => uplink.interface);
}

/** Whether every uplink translates without state: then its programs see each packet before and after all rules. */
export function isAllStateless(config: Config): boolean {
  const stateless = new Set(statelessInterfaces(config));
  return config.uplinks.length > 0 && config.uplinks.every((uplink) => stateless.has(uplink.interface));
}

/**
 * On uplinks with stateless translation inside addresses may leave where a detour is in place: by the index of the uplink's interface,
 * which the kernel compares in no time, where it looks into a set for 90 ns. `except`: indexes of interfaces that it may not come by.
 */
export function letOut({ networks }: Config, detours: readonly Detour[], except: readonly number[] = []): Rule[] {
  const inside = networks.map(({ prefix }) => prefix);
  const from = except.map((index) => `iif != ${index} `).join('');
  return indexesOf(detours).flatMap((index) =>
    matchQuickly('saddr', inside).map((match) => ({
      text: `${match} ${from}oif ${index} accept`,
      why: 'it is translated behind this',
    })),
  );
}

function indexesOf(detours: readonly Detour[]): number[] {
  return detours.flatMap(({ uplinkIndex }) => (uplinkIndex === undefined ? [] : [uplinkIndex]));
}

/** What keeps inside addresses from leaving an uplink. */
export function leaveRules(config: Config, natives: readonly NativePrefix[]): Rule[] {
  const inside = config.networks.map(({ prefix }) => prefix);
  const rules: Rule[] = [];
  for (const { interface: at, prefix } of natives) {
    for (const match of matchNetworks('saddr', [prefix], `oifname "${at}"`)) {
      rules.push({ text: `${match} accept`, why: `its own prefix leaves by ${at} as it is` });
    }
  }
  for (const { name, interface: at } of config.uplinks) {
    for (const match of matchNetworks('saddr', inside, `oifname "${at}"`)) {
      rules.push({ text: `${match} counter name leaving drop`, why: `no inside address leaves an uplink, ${name}` });
    }
    rules.push({
      // To a neighbour on the uplink's own link a unique local address is in order: many home routers have one there.
      text: `${matchBeginning('saddr', uniqueLocal)} oifname "${at}" ip6 saddr fc00::/7 ip6 daddr != { fc00::/7, fe80::/10, ff00::/8 } counter name leaving drop`,
      why: `no other unique local address goes to the Internet (RFC 4193 4.3), ${name}`,
    });
  }
  return rules;
}

/**
 * What keeps inside addresses from coming in. `translated`: where destinations are translated before, what tells that one was.
 */
export function arriveRules(
  config: Config,
  natives: readonly NativePrefix[],
  translated: readonly string[] = [],
): Rule[] {
  const stateless = new Set(statelessInterfaces(config));
  const inside = config.networks.map(({ prefix }) => prefix);
  const drop = (match: string, why: string): Rule => ({ text: `${match} counter name arriving drop`, why });
  return [
    ...config.uplinks.flatMap(({ name, interface: at }) =>
      matchNetworks('saddr', inside, `iifname "${at}"`).map((match) =>
        drop(match, `nobody outside has an inside address, ${name}`),
      ),
    ),
    ...translated.flatMap((tells) => letIn(config, tells)),
    ...natives.flatMap(({ interface: at, prefix }) =>
      matchNetworks('daddr', [prefix], `iifname "${at}"`).map((match) => ({
        text: `${match} accept`,
        why: `what is for its own prefix comes in by ${at}`,
      })),
    ),
    ...config.uplinks.flatMap(({ name, interface: at }) =>
      stateless.has(at)
        ? matchNetworks('daddr', inside, `meta priority != ${passedPriority.text} iifname "${at}"`).map((match) =>
            drop(match, `what comes in with an inside address has come through the translator, ${name}`),
          )
        : matchNetworks('daddr', inside, `iifname "${at}"`).map((match) =>
            drop(match, `inside addresses are reached by their outside address only, ${name}`),
          ),
    ),
  ];
}

function letIn({ networks }: Config, tells: string): Rule[] {
  const inside = networks.map(({ prefix }) => prefix);
  return matchBeginnings('daddr', inside).map((beginning) => ({
    text: `${beginning} ${tells} accept`,
    why: 'it came with an outside address',
  }));
}

/** The translators of inbound packets leave this on each that they have let through. */
export const wasPassed = `meta priority ${passedPriority.text}`;

/** Before routing nothing has translated a destination yet. */
export function arriveChain(rules: readonly Rule[]): Chain {
  return { name: 'arrive', hook: { type: 'filter', hook: 'prerouting', priority: -300 }, rules };
}

/**
 * The guard in one chain for each packet, where every uplink translates without state: nothing in between changes the addresses of
 * what is forwarded, and by its sign a packet tells that the translator has seen it, which lets no inside address in. Most packets need
 * no more than the first rules. The router's own packets have the other two chains.
 */
export function chainsInOne(
  config: Config,
  { detours = [], natives = [] }: GuardExceptions,
  priority: number,
  { before = [], after = [], leave = [] }: ChainsInOneOptions = {},
): Chain[] {
  const leaving = [...leaveRules(config, natives), ...leave];
  const arriving = arriveRules(config, natives);
  const through = [
    ...letIn(config, wasPassed),
    ...before,
    ...letOut(config, detours, indexesOf(detours)),
    ...leaving,
    ...arriving,
    ...after,
  ];
  return [
    { name: 'through', hook: { type: 'filter', hook: 'forward', priority }, rules: through },
    {
      name: 'leave',
      hook: { type: 'filter', hook: 'output', priority: 300 },
      rules: [...letOut(config, detours), ...leaving],
    },
    { name: 'arrive', hook: { type: 'filter', hook: 'input', priority }, rules: arriving },
  ];
}

export interface ChainsInOneOptions {
  /** For what is forwarded, before and after the rules of the guard. */
  readonly before?: readonly Rule[];
  readonly after?: readonly Rule[];
  /** More for all that leaves. */
  readonly leave?: readonly Rule[];
}
