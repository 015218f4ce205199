import { contains, covers, formatPrefix, overlap, prefixOf, type Prefix } from '../core/prefix.ts';
import type { Config, Network } from './config.ts';
import { mappingsOn, type Mapping } from './mapping.ts';
import type { OffloadSight } from './offload.ts';
import { routedUplinks, uplinksOf, type RoutedUplink } from './routing.ts';
import { unknownHealth, type UplinkHealth } from './uplink-health.ts';
import { explainLink, type UplinkLink } from './uplink-link.ts';

/** Which way each network goes, and what belongs to which uplink: for the routing by source. */
export interface Steering {
  readonly ways: readonly Way[];
  readonly choices: readonly UplinkChoice[];
}

/** An uplink as a way out. */
export interface Way extends RoutedUplink {
  readonly link: UplinkLink;
  readonly health: UplinkHealth;
  /** Whose source is in these leaves by this uplink and by no other. */
  readonly own: readonly Prefix[];
  /** It is down, and others have taken over all that new flows left with: those that it carried have to start anew. */
  readonly givenUp: boolean;
}

/** The uplink that new flows of a network leave by. */
export interface UplinkChoice {
  readonly network: string;
  /** Undefined where no uplink has a prefix for it. */
  readonly uplink: string | undefined;
  /** One clause. */
  readonly because: string;
}

/** What is seen of the uplinks besides their prefixes. */
export interface Sight {
  /** By interface. */
  readonly links: readonly UplinkLink[];
  /** By the name of the uplink; what is not in it is unknown. */
  readonly health: ReadonlyMap<string, UplinkHealth>;
  /** Left out where nobody looked. */
  readonly offload?: OffloadSight;
}

export const nothingSeen: Sight = { links: [], health: new Map() };

/**
 * Pure and total; undefined where there is no routing by source. `held`: every prefix that an uplink has or just had.
 *
 * An uplink that is known to be down is taken only where all others with a prefix are down too; then one whose link is ready
 * goes before one without, and among equals the order of preference decides.
 */
export function deriveSteering(
  config: Config,
  mappings: readonly Mapping[],
  held: readonly { readonly uplink: string; readonly prefix: Prefix }[],
  sight: Sight,
): Steering | undefined {
  if (!config.routing) return undefined;
  const ways = routedUplinks(config).map((routed) => {
    const { name, interface: at } = routed.uplink;
    const link = sight.links.find((each) => each.interface === at) ?? unseenLink(at);
    return {
      ...routed,
      link,
      health: sight.health.get(name) ?? unknownHealth(0),
      own: ownPrefixes(config, name, link, held),
    };
  });
  const choices = config.networks.flatMap((network) => {
    const candidates = uplinksOf(network, config.translations).flatMap(({ name }) =>
      ways.filter(({ uplink }) => uplink.name === name),
    );
    return candidates.length > 0 ? [chooseUplink(network, candidates, mappings)] : [];
  });
  return {
    ways: ways.map((way) => ({ ...way, givenUp: isGivenUp(way, config, choices) })),
    choices,
  };
}

/** Before anybody has looked, nothing speaks against it. */
function unseenLink(name: string): UplinkLink {
  return { interface: name, condition: 'ready', addresses: [], sources: [], routes: [], lasts: Infinity };
}

type Candidate = Omit<Way, 'givenUp'>;

export function chooseUplink(
  network: Network,
  candidates: readonly Candidate[],
  mappings: readonly Mapping[],
): UplinkChoice {
  const usable = candidates.filter(({ uplink }) =>
    mappingsOn(mappings, uplink.name).some((each) => each.network === network.name && each.direction === 'both'),
  );
  const [best] = usable.toSorted((one, other) => trouble(one) - trouble(other));
  if (!best) return { network: network.name, uplink: undefined, because: 'no uplink has a prefix for it' };
  const { name } = best.uplink;
  if (isDown(best)) {
    return { network: network.name, uplink: name, because: `all are down, and ${name} is the best of them` };
  }
  const passed = candidates.slice(0, candidates.indexOf(best)).map((way) => explainPassed(way, usable));
  const because = passed.length > 0 ? passed.join('; ') : `${name} comes first`;
  return { network: network.name, uplink: name, because };
}

function explainPassed(way: Candidate, usable: readonly Candidate[]): string {
  const { name } = way.uplink;
  if (!usable.includes(way)) return `${name} has no prefix for it`;
  return `${name} is down (${explainLink(way.link) ?? way.health.why})`;
}

/** 0: none known; 1: the Internet does not answer; 2: there is no link. */
function trouble({ link, health }: Candidate): 0 | 1 | 2 {
  if (link.condition !== 'ready') return 2;
  return health.state === 'down' ? 1 : 0;
}

export function isDown(way: Candidate): boolean {
  return trouble(way) > 0;
}

function isGivenUp(way: Candidate, { translations }: Config, choices: readonly UplinkChoice[]): boolean {
  if (!isDown(way)) return false;
  const { name } = way.uplink;
  const networks = translations.filter(({ uplink }) => uplink.name === name).map(({ network }) => network.name);
  return networks.every((network) => {
    const choice = choices.find((each) => each.network === network);
    return choice?.uplink !== undefined && choice.uplink !== name;
  });
}

/** Its delegations and the addresses of its interface, each once and none within another. */
function ownPrefixes(
  { networks }: Config,
  name: string,
  { addresses }: UplinkLink,
  held: readonly { readonly uplink: string; readonly prefix: Prefix }[],
): Prefix[] {
  const outside = addresses
    .filter((address) => !networks.some(({ prefix }) => contains(prefix, address)))
    .map((address) => prefixOf(address, 128));
  return withoutCovered([...held.filter(({ uplink }) => uplink === name).map(({ prefix }) => prefix), ...outside]);
}

function withoutCovered(prefixes: readonly Prefix[]): Prefix[] {
  const distinct = [...new Map(prefixes.map((prefix) => [formatPrefix(prefix), prefix])).values()];
  return distinct.filter((prefix) => !distinct.some((other) => other !== prefix && covers(other, prefix)));
}

/** What must not leave by this one of the ways, since only others have it. */
export function foreignTo(way: Way, ways: readonly Way[]): Prefix[] {
  const others = ways.filter((other) => other !== way).flatMap(({ own }) => own);
  return withoutCovered(others).filter((prefix) => !way.own.some((mine) => overlap(mine, prefix)));
}

/** The mappings with those of chosen uplinks first, each network's own. */
export function chosenFirst(mappings: readonly Mapping[], steering: Steering | undefined): readonly Mapping[] {
  if (!steering) return mappings;
  const isChosen = ({ network, uplink }: Mapping): boolean =>
    steering.choices.some((choice) => choice.network === network && choice.uplink === uplink);
  return mappings.toSorted((one, other) => Number(isChosen(other)) - Number(isChosen(one)));
}
