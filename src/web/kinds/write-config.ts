import { judgeNodes, type LoadedConfig } from '../../config/judge-nodes.ts';
import type { ConfigProblem } from '../../config/config-problem.ts';
import { writeYaml, type Draft, type DraftEntry, type WrittenYaml } from '../../config/write-yaml.ts';
import type { FieldProblem } from '../form/field-problem.ts';
import { isSet, rowsOf, textOf, type Row, type Values } from '../form/values.ts';
import { sourceOf } from './config-fields.ts';

const file = '/etc/sixgate/config.yaml';

export interface WrittenConfig {
  readonly text: string;
  /** Undefined where there is a problem. */
  readonly loaded: LoadedConfig | undefined;
  /** In the words of `sixgate check`. */
  readonly problems: readonly FieldProblem[];
  readonly warnings: readonly FieldProblem[];
}

/** config.yaml from the form, and what `sixgate check` says of it. */
export function writeConfig(values: Values): WrittenConfig {
  const written = writeYaml(draftConfig(values), file, [
    'What sixgate is to do; "sixgate check" tells whether it is right. All keys: docs/configuration.md.',
  ]);
  const locate = (problem: ConfigProblem): FieldProblem => fieldProblem(problem, written);
  if (written.problems.length > 0) {
    return { text: written.text, loaded: undefined, problems: written.problems.map(locate), warnings: [] };
  }
  const judged = judgeNodes([written.node], [file]);
  return judged.ok
    ? { text: written.text, loaded: judged.value, problems: [], warnings: judged.value.warnings.map(locate) }
    : { text: written.text, loaded: undefined, problems: judged.problem.map(locate), warnings: [] };
}

function fieldProblem({ message, mend, line, column }: ConfigProblem, { places }: WrittenYaml): FieldProblem {
  // The innermost value that begins there.
  const field = places.findLast(({ place }) => place.line === line && place.column === column)?.at;
  return { field, message, ...(mend !== undefined && { mend }) };
}

function draftConfig(values: Values): Draft {
  const uplink = textOf(values, 'uplink') || 'dsl';
  const network = textOf(values, 'network') || 'home';
  return map([
    { key: 'uplinks', value: map([{ key: uplink, at: 'uplink', value: map(draftUplink(values), 'interface') }]) },
    { key: 'networks', value: map([{ key: network, at: 'network', value: map(draftNetwork(values), 'inside') }]) },
    { key: 'translate', value: { kind: 'list', items: [draftTranslation(values, network, uplink)] } },
    ...(isSet(values, 'failover') ? [{ key: 'failover', value: draftFailover }] : []),
  ]);
}

const draftFailover: Draft = {
  kind: 'map',
  flow: true,
  entries: [{ key: 'by', value: scalar('keepalived', 'failover') }],
  at: 'failover',
};

function draftUplink(values: Values): DraftEntry[] {
  const from = sourceOf(values);
  const source: DraftEntry[] = [{ key: 'from', value: scalar(from, 'from') }];
  if (from === 'dhcpv6' || from === 'dhcpcd')
    source.push(...given('length', number(textOf(values, 'length')), 'length'));
  // networkd's own file says what it asks for, and a route says nothing.
  if (from === 'static') source.push(...given('prefix', textOf(values, 'outside'), 'outside'));
  if (from === '6to4') source.push(...given('ipv4', textOf(values, 'ipv4'), 'ipv4'));
  const at = from === 'static' ? 'outside' : from === '6to4' ? 'ipv4' : 'length';
  return [
    ...given('interface', textOf(values, 'interface'), 'interface'),
    { key: 'prefix', value: { kind: 'map', flow: true, entries: source, at } },
  ];
}

function draftNetwork(values: Values): DraftEntry[] {
  const subnets = rowsOf(values, 'subnets').map(({ name = '', id = '', interface: device = '' }, index): DraftEntry => {
    const at = `subnets.${index}`;
    const entries = [...given('id', number(id), `${at}.id`), ...given('interface', device, `${at}.interface`)];
    return { key: name, at: `${at}.name`, value: { kind: 'map', flow: true, entries, at } };
  });
  const dns = textOf(values, 'dns').split(/[\s,]+/).filter((server) => server !== ''); // prettier-ignore
  const advertise: DraftEntry[] =
    dns.length === 0
      ? []
      : [
          {
            key: 'dns',
            value: { kind: 'list', flow: true, items: dns.map((server) => scalar(server, 'dns')), at: 'dns' },
          },
        ];
  const comment = 'The order is the priority when a delegation is too small for all.';
  return [
    ...given('prefix', textOf(values, 'inside'), 'inside'),
    { key: 'subnets', value: map(subnets, 'subnets'), ...(subnets.length > 1 && { comment }) },
    ...(isSet(values, 'advertise')
      ? [{ key: 'advertise', value: { kind: 'map', flow: true, entries: advertise, at: 'advertise' } as const }]
      : []),
  ];
}

function draftTranslation(values: Values, network: string, uplink: string): Draft {
  const pinholes = rowsOf(values, 'allow').map(draftPinhole);
  const entries: DraftEntry[] = [
    { key: 'network', value: scalar(network) },
    { key: 'uplink', value: scalar(uplink) },
    ...(textOf(values, 'mode') === 'rfc6296' ? [{ key: 'mode', value: scalar('rfc6296', 'mode') }] : []),
    ...(textOf(values, 'hairpin') === 'no' ? [{ key: 'hairpin', value: scalar(false, 'hairpin') }] : []),
    ...(textOf(values, 'inbound') === 'allow' ? [{ key: 'inbound', value: scalar('allow', 'inbound') }] : []),
    ...(isSet(values, 'offload') ? [{ key: 'offload', value: scalar(true, 'offload') }] : []),
    ...(pinholes.length > 0 ? [{ key: 'allow', value: { kind: 'list', items: pinholes, at: 'allow' } as const }] : []),
  ];
  return { kind: 'map', entries, flow: pinholes.length === 0 };
}

function draftPinhole({ to = '', tcp = '', udp = '', icmp = '' }: Row, index: number): Draft {
  const at = `allow.${index}`;
  const ports = (key: string, text: string): DraftEntry[] => {
    const items = text.split(/[\s,]+/).filter((port) => port !== '');
    const list = items.map((port) => scalar(number(port), `${at}.${key}`));
    return items.length === 0 ? [] : [{ key, value: { kind: 'list', flow: true, items: list, at: `${at}.${key}` } }];
  };
  const entries = [
    ...given('to', to, `${at}.to`),
    ...ports('tcp', tcp),
    ...ports('udp', udp),
    ...(icmp === 'yes' ? [{ key: 'icmp', value: scalar(true, `${at}.icmp`) }] : []),
  ];
  return { kind: 'map', flow: true, entries, at };
}

/** What is empty is not written: the reader then says that it is missing. */
function given(key: string, value: string | bigint, at: string): DraftEntry[] {
  return value === '' ? [] : [{ key, value: scalar(value, at) }];
}

function scalar(value: string | bigint | boolean, at?: string): Draft {
  return { kind: 'scalar', value, ...(at !== undefined && { at }) };
}

function map(entries: readonly DraftEntry[], at?: string): Draft {
  return { kind: 'map', entries, ...(at !== undefined && { at }) };
}

/** Anything else stays text, for the reader to refuse. */
function number(text: string): string | bigint {
  return /^(0|[1-9][0-9]{0,17})$/.test(text) ? BigInt(text) : text;
}
