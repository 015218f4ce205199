import { formatPrefix } from '../core/prefix.ts';
import type { Setup } from '../engine/setup/setup.ts';
import { map, number, text } from './draft-values.ts';
import { writeYaml, type Draft } from './write-yaml.ts';

/** The configuration of a set-up, as text for a new file. */
export function draftSetup(setup: Setup, file: string): string {
  const subnets = setup.lans.map(({ name, interface: on }, id): [string, Draft] => [
    name,
    map({ id: number(id), interface: text(on) }, true),
  ]);
  const network = {
    prefix: text(formatPrefix(setup.prefix)),
    ...(setup.advertise && { advertise: map({}) }),
    subnets: map(Object.fromEntries(subnets)),
  };
  const translation = {
    network: text('home'),
    uplink: text('wan'),
    ...(setup.offload && { offload: { kind: 'scalar', value: true } as const }),
  };
  const draft = map({
    uplinks: map({ wan: map({ interface: text(setup.uplink), prefix: source(setup) }) }),
    networks: map({ home: map(network) }),
    translate: { kind: 'list', items: [map(translation, true)] },
  });
  return writeYaml(draft, file, [
    'Made by "sixgate init". sixgate.yaml(5) tells of every key; "sixgate check" of what is wrong,',
    '"sixgate try" puts a change in force until it is confirmed.',
  ]).text;
}

/** The sources that say what length they ask for. */
export const asking: ReadonlySet<Setup['from']> = new Set(['dhcpv6', 'dhcpcd']);

function source({ from, client, length }: Setup): Draft {
  return map(
    {
      from: text(from),
      ...(from === 'hook' && client && { client: text(client) }),
      ...(asking.has(from) && { length: number(length) }),
    },
    true,
  );
}
