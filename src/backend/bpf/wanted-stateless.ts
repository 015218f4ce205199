import { fingerprint } from '../../core/fingerprint.ts';
import { formatIpv6, type Ipv6Address } from '../../core/ipv6.ts';
import { contains, formatPrefix } from '../../core/prefix.ts';
import type { Translation } from '../../engine/config.ts';
import { mappingsOn } from '../../engine/mapping.ts';
import type { Desired } from '../../engine/desired.ts';
import type {
  Detour,
  Link,
  PrefixMapping,
  ProgramContent,
  WantedProgram,
  WantedStateless,
} from '../../engine/stateless.ts';
import { deriveDetour } from './detours.ts';

/** What of this machine decides about the translators. */
export interface Machine {
  readonly links: readonly Link[];
  /** A fingerprint of the object that programs are made from; undefined where there is none that can be used. */
  readonly object: string | undefined;
}

/** For each uplink with `mode: rfc6296` whose interface is there: a detour and three programs. */
export function compileWantedStateless(desired: Desired, machine: Machine): WantedStateless {
  const translations = desired.config.translations.filter(({ mode }) => mode === 'rfc6296');
  const places = translations.flatMap((translation) => {
    const link = machine.links.find(({ name }) => name === translation.uplink.interface);
    return link && machine.object !== undefined
      ? [{ translation, link, detour: { ...deriveDetour(link.name), uplinkIndex: link.index } }]
      : [];
  });
  return {
    networks: translations.map(({ network }) => network.prefix),
    detours: places.map(({ detour }) => detour),
    programs: places.flatMap(({ translation, link, detour }) =>
      compilePrograms(desired, translation, link, detour, machine),
    ),
  };
}

/** Inbound stands first, so that what is to come back can. */
function compilePrograms(
  { config, mappings }: Desired,
  { uplink }: Translation,
  link: Link,
  detour: Detour,
  { links, object }: Machine,
): WantedProgram[] {
  const mine = mappingsOn(mappings, uplink.name);
  const outward: PrefixMapping[] = mine
    .filter(({ direction }) => direction === 'both')
    .map(({ inside, outside }) => ({ from: inside, to: outside }));
  const inward: PrefixMapping[] = mine.map(({ inside, outside }) => ({ from: outside, to: inside }));
  const own = links
    .flatMap(({ addresses }) => addresses)
    .filter((address) => inward.some(({ from }) => contains(from, address)))
    .toSorted(compareAddresses);
  const common = { networks: config.networks.map(({ prefix }) => prefix), own: [...new Set(own)] };
  const headers = { uplink: link.header, detour: link.header };
  const program = (
    place: { readonly device: string; readonly hook: 'ingress' | 'egress' },
    content: ProgramContent,
  ): WantedProgram => ({
    ...place,
    name: `sixgate-${fingerprint(`${object!} ${formatContent(content)}`)}.o:[tc/${content.direction}]`,
    uplink: uplink.name,
    content,
  });
  return [
    program({ device: link.name, hook: 'ingress' }, { ...common, direction: 'inbound', outward: [], inward, headers }),
    program(
      { device: detour.name, hook: 'egress' },
      {
        ...common,
        direction: 'outbound',
        outward,
        inward,
        headers: { ...headers, detour: detourHeader },
        indexes: { uplink: link.index, detour: detour.index },
      },
    ),
    program(
      { device: link.name, hook: 'egress' },
      { ...common, own: [], direction: 'outbound', outward, inward: [], headers },
    ),
  ];
}

function compareAddresses(one: Ipv6Address, other: Ipv6Address): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** It looks like Ethernet. */
const detourHeader = 14;

function formatContent({ direction, outward, inward, networks, own, headers, indexes }: ProgramContent): string {
  const pairs = (mappings: readonly PrefixMapping[]): string =>
    mappings.map(({ from, to }) => `${formatPrefix(from)}>${formatPrefix(to)}`).join();
  return [
    direction,
    pairs(outward),
    pairs(inward),
    networks.map(formatPrefix).join(),
    own.map(formatIpv6).join(),
    `${headers.uplink} ${headers.detour}`,
    indexes ? `${indexes.uplink} ${indexes.detour}` : '',
  ].join('\n');
}
