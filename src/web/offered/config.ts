import { parseInterfaceName } from '../../core/interface-name.ts';
import { formatIpv6, ipv6FromBigInt } from '../../core/ipv6.ts';
import type { Config } from '../../engine/config.ts';
import type { GeneratedFile } from '../../generate/generated-file.ts';
import { deriveFirewallIntent } from '../../generate/firewall/derive-firewall-intent.ts';
import { firewallTargets, type FirewallTarget } from '../../generate/firewall/firewall-targets.ts';
import { generateUplink } from '../../generate/uplink/generate-uplink.ts';
import { deriveLanIntent } from '../../generate/lan/lan-intent.ts';
import { lanTargets, type LanTarget } from '../../generate/lan/lan-targets.ts';
import { routerSysctl } from '../../generate/uplink/router-sysctl.ts';
import type { UplinkTarget } from '../../generate/uplink/uplink-targets.ts';
import { readSteps, type Step } from '../files/read-steps.ts';
import type { Field } from '../form/field.ts';
import { markKey, readMarks, type FieldProblem } from '../form/field-problem.ts';
import { deriveIntent, readIntentValues } from '../form/intent.ts';
import { textOf, type Values } from '../form/values.ts';
import { formatCommand, optionName } from '../kinds/command-line.ts';
import { configExample, configFields, sourceOf } from '../kinds/config-fields.ts';
import { drawConfig } from '../kinds/draw-config.ts';
import type { Kind } from '../kinds/kind.ts';
import { dhcpcdVersionField } from '../kinds/dhcpcd-version-field.ts';
import { lanSteps, radvdSteps } from '../kinds/lan-steps.ts';
import { lanTargetLabels } from '../kinds/lan-target-labels.ts';
import { places } from '../kinds/places.ts';
import { restartClient } from '../kinds/restart-client.ts';
import { kind as uplink } from './uplink.ts';
import { writeConfig } from '../kinds/write-config.ts';

/** The program besides sixgate that asks for the prefix. */
const clientOf = (values: Values): 'dhcpcd' | 'networkd' | undefined => {
  const source = sourceOf(values);
  return source === 'dhcpcd' || source === 'networkd' ? source : undefined;
};
const firewallOf = (values: Values): FirewallTarget | undefined =>
  (textOf(values, 'firewall') || undefined) as FirewallTarget | undefined;

const fields: readonly Field[] = [
  ...configFields.slice(0, 5),
  { ...dhcpcdVersionField, when: (values) => clientOf(values) === 'dhcpcd' },
  ...configFields.slice(5),
  {
    kind: 'choice',
    key: 'firewall',
    label: 'A firewall of your own on this router',
    choices: [
      { value: '', label: 'none' },
      { value: 'nftables', label: 'nftables' },
      { value: 'iptables', label: 'iptables' },
    ],
  },
];

/** The main job: config.yaml, the client that asks for the prefix, and what a firewall of one's own has to let through. */
export const kind: Kind = {
  name: 'config',
  fields,
  targets: [...lanTargetLabels, { name: 'other', label: 'something else' }],
  example: configExample,
  make(values, target) {
    const written = writeConfig(values);
    const client = makeClient(values, target);
    const firewall = firewallOf(values);
    const lan = target === 'other' ? undefined : (target as LanTarget);
    const drawing = drawConfig(values, written.loaded?.config);
    const told = new Set(written.problems.map(({ field }) => field));
    const problems = [...written.problems, ...client.problems.filter(({ field }) => !told.has(field))];
    const commands = [
      ...client.commands,
      ...(lan === undefined ? [] : [`sixgate generate lan --for ${lan}`]),
      ...(firewall === undefined ? [] : [`sixgate generate firewall --for ${firewall}`]),
    ];
    if (written.loaded === undefined || problems.length > 0) {
      return { files: [], problems, warnings: written.warnings, advice: [], drawing, steps: [], commands };
    }
    const { config: loaded } = written.loaded;
    const files = [
      { path: '/etc/sixgate/config.yaml', mode: 0o644, text: written.text },
      ...client.files,
      ...(lan === undefined ? [] : lanTargets[lan](deriveLanIntent(loaded, places.radvdConfig))),
      ...(firewall === undefined ? [] : [firewallTargets[firewall](deriveFirewallIntent(loaded))]),
    ];
    return {
      files,
      problems,
      warnings: written.warnings,
      advice: [...advice, textOf(values, 'mode') === 'rfc6296' ? stateless : stateful],
      drawing,
      steps: [...readSteps(files), ...stepsOf(values, loaded, lan)],
      commands,
    };
  },
  toIntent: (values) => ({ kind: 'config', ...deriveIntent(fields, values) }),
  fromIntent: (intent) => readIntentValues(fields, intent),
};

function makeClient(
  values: Values,
  target: string,
): { files: GeneratedFile[]; problems: FieldProblem[]; commands: string[] } {
  const client = clientOf(values);
  const wanted = client === 'dhcpcd' ? values : { ...values, dhcpcdVersion: '' };
  const intent = deriveIntent(uplink.fields, wanted);
  const stanza = client === 'dhcpcd' && target === 'ifupdown';
  const targets: UplinkTarget[] = [...(client === undefined ? [] : [client]), ...(stanza ? ['ifupdown' as const] : [])];
  const files = new Map<string, GeneratedFile>();
  for (const each of targets) {
    const made = generateUplink(intent, { target: each, eventsDirectory: places.eventsDirectory, nameKey: markKey });
    if (!made.ok) return { files: [], problems: made.problem.map((one) => readMarks(one, optionName)), commands: [] };
    for (const file of made.value.files) files.set(file.path, file);
  }
  const name = parseInterfaceName(textOf(values, 'interface'));
  if (client === undefined && name.ok) {
    const sysctl = routerSysctl({ interface: name.value });
    files.set(sysctl.path, sysctl);
  }
  const commands = targets.map((each) => formatCommand('uplink', each, uplink.fields, wanted));
  return { files: [...files.values()], problems: [], commands };
}

function stepsOf(values: Values, config: Config, lan: LanTarget | undefined): Step[] {
  const client = clientOf(values);
  const name = textOf(values, 'interface');
  const byHand = config.networks
    .flatMap(({ subnets }) => subnets)
    .flatMap(({ prefix, interface: at }) => {
      const router = formatIpv6(ipv6FromBigInt(prefix.address + 1n));
      return at === undefined ? [] : [`ip -6 address add ${router}/64 dev ${at}`];
    });
  return [
    { text: 'Let the kernel forward', commands: ['sysctl -p /etc/sysctl.d/60-sixgate.conf'] },
    ...(lan !== undefined
      ? lanSteps(config, lan)
      : byHand.length === 0
        ? []
        : [{ text: insideAddresses, commands: byHand }]),
    { text: 'See whether everything is right and there', commands: ['sixgate check', 'sixgate plan'] },
    { text: 'Start it', commands: ['sixgate run'] },
    ...(lan === undefined ? [] : radvdSteps(config)),
    ...(client === undefined ? [] : restartClient(client, name)),
    { text: 'Look at it', commands: ['sixgate doctor', 'sixgate status'] },
  ];
}

const insideAddresses =
  'Give the router its inside addresses, in your network configuration or until the next start like this, and advertise the ' +
  'subnets with what does it today (radvd, dnsmasq)';

const advice = [
  'Nothing leaves with an inside address, also before the first prefix is there and when sixgate is not running: the guard stands first and stays.',
  'Hosts that have IPv4 as well prefer it to a unique local address for the Internet (RFC 6724). That is the price of a prefix of one’s own.',
];

const stateful =
  'This is stateful translation that keeps the host part of every address. It is not RFC 6296: connections are followed, and what was not asked for stays out.';

const stateless =
  'This is RFC 6296: no connection is followed and no checksum touched; instead a part of the address outside is another one, as "sixgate trace" tells. It needs the compiled translator on that machine.';
