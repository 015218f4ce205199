import { formatPrefix } from '../../core/prefix.ts';
import { map, number, text } from '../draft-values.ts';
import { writeYaml, type Draft } from '../write-yaml.ts';
import type { TakeoverTranslation } from './takeover.ts';

/** The configuration that does what the old set-up did. */
export function draftTakeover(translation: TakeoverTranslation): string {
  const { uplink, length, iaid, duid, stateless, prefix, subnets } = translation;
  const source = {
    from: text('dhcpv6'),
    length: number(length),
    ...(iaid !== undefined && iaid !== 1 && { iaid: number(iaid) }),
    ...(duid !== undefined && { duid: text(duid) }),
    ...(stateless && { stateless: { kind: 'scalar', value: true } as const }),
  };
  const entries = subnets.map(({ name, id, interface: on }): [string, Draft] => [
    name,
    map({ id: number(id), ...(on !== undefined && { interface: text(on) }) }, true),
  ]);
  const network = {
    prefix: text(formatPrefix(prefix)),
    subnets: map(Object.fromEntries(entries)),
  };
  const draft = map({
    uplinks: map({ wan: map({ interface: text(uplink), prefix: map(source, true) }) }),
    networks: map({ home: map(network) }),
    translate: { kind: 'list', items: [map({ network: text('home'), uplink: text('wan') }, true)] },
  });
  return writeYaml(draft, 'config.yaml', [
    'Proposed by "sixgate import" from what was set up by hand. Read it before it is used.',
  ]).text;
}
