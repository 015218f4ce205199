import { betaBySixToFour, natGateway } from '../by-hand.ts';
import { install, installChanged } from '../case-files.ts';
import type { CaseName } from '../cases.ts';
import { commandsIn } from '../commands-in.ts';
import { expectEqual } from '../compare-with-model.ts';
import type { Host } from '../../../qemu/inside/host.ts';
import type { Lab } from '../lab.ts';
import { expectAnswers, expectSilence, pings } from '../../../qemu/inside/ping.ts';
import type { Scene } from '../scene.ts';

const innerSite = '2002:c633:6407::1';
const betaSite = '2002:cb00:714d::1';

interface Form {
  readonly name: string;
  readonly files: CaseName;
  /** In which the SNAT of the generated rules is found, for the twin without it. */
  readonly path: string;
  readonly snat: string;
  load(gate: Host): Promise<void>;
}

const forms: readonly Form[] = [
  {
    name: 'nftables',
    files: 'gate-nftables',
    path: '/etc/sixgate/nat-gateway.nft',
    snat: 'ip protocol 41 snat to 198.51.100.7',
    async load(gate) {
      await natGateway(gate, 'include "/etc/sixgate/nat-gateway-forward.nft"');
      await gate.ok(['sh', '/etc/sixgate/nat-gateway.sh']);
    },
  },
  {
    name: 'iptables, the script',
    files: 'gate-iptables',
    path: '/etc/sixgate/nat-gateway.sh',
    snat: '-p 41 -j SNAT --to-source 198.51.100.7',
    load: async (gate) => void (await gate.ok(['sh', '/etc/sixgate/nat-gateway.sh'])),
  },
  {
    name: 'iptables-restore, by the commands in its comment',
    files: 'gate-iptables',
    path: '/etc/sixgate/nat-gateway.rules4',
    snat: '-p 41 -j SNAT --to-source 198.51.100.7',
    async load(gate) {
      for (const command of commandsIn(await gate.ok(['cat', this.path]))) await gate.sh(command);
      await gate.run(['conntrack', '-F']);
    },
  },
];

/** A gateway that masquerades and lets nothing in; with iptables its own rules are iptables' too. */
async function ownRules(gate: Host, { files }: Form): Promise<void> {
  await gate.sh('nft flush ruleset; conntrack -F 2>/dev/null');
  if (files === 'gate-nftables') await natGateway(gate);
  else {
    await gate.sh(
      'iptables -P FORWARD DROP; iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT;' +
        'iptables -A FORWARD -i lan -o wan ! -p 41 -j ACCEPT; iptables -t nat -A POSTROUTING -o wan -j MASQUERADE',
    );
  }
}

async function prepare(lab: Lab, form: Form): Promise<void> {
  await lab.standing('beta', betaBySixToFour);
  await lab.fresh('gate', 'inner');
  const gate = lab.host('gate');
  await install(gate, form.files);
  await ownRules(gate, form);
  await lab
    .host('inner')
    .sh(
      'ip tunnel add inner6 mode sit remote any local 192.168.1.10 ttl 64; ip link set inner6 up mtu 1280; ip address add 2002:c633:6407::1/16 dev inner6',
    );
}

export const natGateways: readonly Scene[] = forms.map((form): Scene => ({
  name: `NAT gateway, FORWARD with policy drop: ${form.name}`,
  setUp: (lab) => prepare(lab, form),
  checks: [
    {
      name: 'without the rules nothing passes, in neither direction',
      async run(lab) {
        await expectSilence(lab.host('beta'), innerSite);
        await expectSilence(lab.host('inner'), betaSite);
      },
    },
    {
      name: 'with them the first packet may come from outside',
      async run(lab) {
        await form.load(lab.host('gate'));
        await expectAnswers(lab.host('beta'), innerSite);
      },
    },
    {
      name: 'the first packet may come from inside',
      async run(lab) {
        await lab.host('gate').run(['conntrack', '-F']);
        await expectAnswers(lab.host('inner'), betaSite);
      },
    },
    {
      name: 'loading them twice changes nothing',
      async run(lab) {
        const gate = lab.host('gate');
        const before = await ruleset(gate);
        await form.load(gate);
        expectEqual('rules', await ruleset(gate), before);
      },
    },
    {
      name: 'bad twin: masquerading to the first address instead of SNAT is silence from inside',
      async run(lab) {
        await prepare(lab, form);
        const gate = lab.host('gate');
        await installChanged(gate, form.files, form.path, form.snat, form.snat.replace('.7', '.8'));
        await form.load(gate);
        await expectSilence(lab.host('inner'), betaSite);
      },
    },
  ],
}));

/** Without counters and handles. */
async function ruleset(gate: Host): Promise<string> {
  return (await gate.ok(['nft', '-s', 'list', 'ruleset'])).replaceAll(/counter packets \d+ bytes \d+/g, 'counter');
}

export const staleEntries: readonly Scene[] = [
  { ...(forms[0] as Form), rulesAlone: ['nft', '-f', '/etc/sixgate/nat-gateway.nft'] },
  { ...(forms[1] as Form), rulesAlone: ['sh', '-ec', 'sed /conntrack/d /etc/sixgate/nat-gateway.sh | sh -e'] },
].map((form): Scene => ({
  name: `stale conntrack entries, ${form.name}`,
  async setUp(lab) {
    await prepare(lab, form);
    if (form.files === 'gate-nftables') {
      await natGateway(lab.host('gate'), 'include "/etc/sixgate/nat-gateway-forward.nft"');
    } else {
      await lab.host('gate').sh('iptables -I FORWARD -p 41 -j ACCEPT');
    }
    // Before the rules: packets for the gateway itself, and masqueraded ones, both of which are tracked as they are.
    lab.host('beta').start(['ping', '-6', '-n', '-i', '0.2', innerSite]);
    lab.host('inner').start(['ping', '-6', '-n', '-i', '0.2', '2002:c633:6442::1']);
    await expectSilence(lab.host('beta'), innerSite);
  },
  checks: [
    {
      name: 'the rules alone do not help while packets keep coming',
      async run(lab) {
        await lab.host('gate').ok(form.rulesAlone);
        await expectSilence(lab.host('beta'), innerSite, { count: 4 });
      },
    },
    {
      name: 'the generated script deletes the entry, and answers come at once',
      async run(lab) {
        await form.load(lab.host('gate'));
        const { answered, text } = await pings(lab.host('beta'), innerSite, { count: 3 });
        if (answered !== 3) throw new Error(`${text}\n${await lab.host('gate').ok(['conntrack', '-L'])}`);
      },
    },
    {
      name: 'the entry from inside is translated anew, to the exact address',
      async run(lab) {
        const table = await lab
          .host('gate')
          .ok(['conntrack', '-L', '--orig-src', '192.168.1.10', '--orig-dst', '198.51.100.66']);
        if (!table.includes('dst=198.51.100.7 ')) throw new Error(`conntrack: ${table}`);
      },
    },
  ],
}));
