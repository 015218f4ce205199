import { betaBySixToFour, borderRelay, internet } from '../by-hand.ts';
import { bringUp } from '../bring-up.ts';
import { expectedOf, install } from '../case-files.ts';
import type { CaseName } from '../cases.ts';
import { commandsIn } from '../commands-in.ts';
import { expectEqual } from '../compare-with-model.ts';
import type { Host } from '../../../qemu/inside/host.ts';
import type { Lab } from '../lab.ts';
import { expectAnswers } from '../../../qemu/inside/ping.ts';
import type { Check, Scene } from '../scene.ts';

const alphaSite = '2002:cb00:7104::1';
const customer = '2001:db8:cb00:7104::1';

/** Packets that no honest peer sends, each out of a tunnel of evil's of its own. */
interface Forgery {
  readonly what: string;
  readonly device: string;
  /** IPv4 source of the outer packet. */
  readonly outer: string;
  readonly source: string;
  readonly to: string;
}

const forgeries: readonly Forgery[] = [
  {
    what: 'a source from the rest of the Internet',
    device: 'from-native',
    outer: '198.51.100.67',
    source: '2001:db8:bad::1',
    to: alphaSite,
  },
  { what: 'a link-local source', device: 'from-local', outer: '198.51.100.68', source: 'fe80::bad', to: alphaSite },
  {
    what: 'a martian source with the outer one to match',
    device: 'from-martian',
    outer: '10.0.0.1',
    source: '2002:a00:1::1',
    to: alphaSite,
  },
  {
    what: 'a destination beyond the site, to be forwarded',
    device: 'from-beyond',
    outer: '198.51.100.66',
    source: '2002:c633:6442::1',
    to: '2001:db8:5::9',
  },
];

/** An outside source of 6rd; only the border relay may bring one. */
const unrelayed: Forgery = {
  what: '',
  device: 'from-outside',
  outer: '198.51.100.69',
  source: '2001:db9:bad::1',
  to: customer,
};

async function prepareEvil(evil: Host): Promise<void> {
  const all = [...forgeries, unrelayed];
  await evil.ip(
    ...all.flatMap(({ device, outer }) => [
      `address replace ${outer}/32 dev eth0`,
      `tunnel add ${device} mode sit remote 203.0.113.4 local ${outer} ttl 64`,
      `link set ${device} up`,
    ]),
  );
  await evil.ip6(
    ...all.flatMap(({ device, source, to }, index) => [
      `address add ${source}/128 dev ${device} nodad`,
      `rule add from ${source} lookup ${100 + index}`,
      `route add ${to} dev ${device} table ${100 + index}`,
      `route add ${to} dev ${device} metric ${100 + index}`,
    ]),
  );
}

async function send(evil: Host, { source, device, to }: Forgery): Promise<void> {
  const from = source.startsWith('fe80') ? `${source}%${device}` : source;
  await evil.run([...'ping -6 -n -q -c 2 -i 0.1 -W 0.2 -I'.split(' '), from, to]);
}

/** Echo requests that alpha took in, and packets that it passed on to the network beyond. */
function accepted(alpha: Host): number {
  return alpha.counter('net/snmp6', 'Icmp6InEchos') + alpha.counter('net/dev_snmp6/far', 'Ip6OutForwDatagrams');
}

interface Variant {
  readonly name: string;
  readonly files: CaseName;
  readonly path: string;
}

const variants: readonly Variant[] = [
  { name: 'nftables', files: 'alpha-ifupdown', path: '/etc/sixgate/tunnel-tun6to4.nft' },
  { name: 'iptables', files: 'alpha-iptables', path: '/etc/sixgate/tunnel-tun6to4.rules6' },
];

/** By the commands in the comment of the file. */
async function load(host: Host, ...paths: string[]): Promise<void> {
  for (const path of paths) for (const command of commandsIn(await host.ok(['cat', path]))) await host.sh(command);
}

/** Forwards into a network that is not of the site. */
async function prepareAlpha(lab: Lab, files: CaseName): Promise<void> {
  await lab.fresh('alpha');
  const alpha = lab.host('alpha');
  await install(alpha, files);
  await bringUp(alpha, 'ifupdown', expectedOf(files));
  await alpha.sh(
    'sysctl -qw net.ipv6.conf.all.forwarding=1; ip link add far type dummy; ip link set far up; ip route add 2001:db8:5::/64 dev far;' +
      'ip neigh add 2001:db8:5::9 lladdr 02:00:00:00:00:09 dev far',
  );
}

const probe = `table ip probe {
  counter left { }
  chain output { type filter hook postrouting priority 300; ip protocol 41 counter name left; }
}
`;

export const filters: readonly Scene[] = variants.map(({ name: tool, files, path }): Scene => ({
  name: `filter of a 6to4 host, ${tool}`,
  async setUp(lab) {
    await lab.standing('beta', betaBySixToFour);
    await lab.standing('evil', prepareEvil);
    if (tool === 'nftables') await prepareAlpha(lab, files);
    else {
      // The same host, with the other tool's file.
      const alpha = lab.host('alpha');
      await alpha.sh('nft flush ruleset; ip -6 route replace unreachable 2002:a00::/24');
      await install(alpha, files);
    }
    await lab.host('alpha').ok(['nft', '-f', '-'], { input: probe });
  },
  checks: [
    ...forgeries.map((forgery): Check => ({
      name: `before: ${forgery.what} is accepted`,
      run: (lab) => expectAccepted(lab, forgery, 2),
    })),
    {
      name: 'before, with unreachable routes: no packet for a martian leaves',
      run: async (lab) => void (await expectLeft(lab, '2002:a00:1::1', 0)),
    },
    {
      name: 'before, without such a route: packets for 10.0.0.1 leave',
      async run(lab) {
        await lab.host('alpha').sh('ip -6 route del unreachable 2002:a00::/24');
        await expectLeft(lab, '2002:a00:1::1', 2);
      },
    },
    { name: 'its file loads by the commands in its comment', run: (lab) => load(lab.host('alpha'), path) },
    { name: 'and once more', run: (lab) => load(lab.host('alpha'), path) },
    ...forgeries.map((forgery): Check => ({
      name: `after: ${forgery.what} is dropped`,
      run: (lab) => expectAccepted(lab, forgery, 0),
    })),
    {
      name: 'after, without such a route: none leaves, and the sender is told',
      async run(lab) {
        const text = await expectLeft(lab, '2002:a00:1::1', 0);
        if (!/No route|unreachable/i.test(text)) throw new Error(text);
      },
    },
    { name: 'after: the other site is reached', run: (lab) => expectAnswers(lab.host('alpha'), '2002:cb00:714d::1') },
    { name: 'after: the other site reaches in', run: (lab) => expectAnswers(lab.host('beta'), alphaSite) },
  ],
}));

async function expectAccepted(lab: Lab, forgery: Forgery, count: number): Promise<void> {
  const before = accepted(lab.host('alpha'));
  await send(lab.host('evil'), forgery);
  expectEqual('packets accepted', accepted(lab.host('alpha')) - before, count);
}

async function expectLeft(lab: Lab, to: string, count: number): Promise<string> {
  const alpha = lab.host('alpha');
  const left = async () =>
    /"packets": (\d+)/.exec(await alpha.ok(['nft', '-j', 'list', 'counter', 'ip', 'probe', 'left']))?.[1];
  const before = Number(await left());
  const { stdout, stderr } = await alpha.run(['ping', '-6', '-n', '-c', '2', '-i', '0.2', '-W', '0.5', to]);
  expectEqual(`packets of protocol 41 that left for ${to}`, Number(await left()) - before, count);
  return stdout + stderr;
}

export const relayFilters: readonly Scene[] = (
  [
    { tool: 'nftables', files: 'customer-ifupdown', paths: ['/etc/sixgate/tunnel-tun6rd.nft'] },
    {
      tool: 'iptables',
      files: 'customer-iptables',
      paths: ['/etc/sixgate/tunnel-tun6rd.rules6', '/etc/sixgate/tunnel-tun6rd.rules4'],
    },
  ] as const
).map(({ tool, files, paths }): Scene => ({
  name: `filter of a 6rd customer, ${tool}`,
  async setUp(lab) {
    await lab.standing('relay', borderRelay);
    await lab.standing('evil', prepareEvil);
    if (tool === 'nftables') await lab.fresh('alpha');
    const alpha = lab.host('alpha');
    await install(alpha, files);
    if (tool === 'nftables') await bringUp(alpha, 'ifupdown', expectedOf(files));
    await alpha.sh('nft flush ruleset');
    await alpha.ok(['nft', '-f', '-'], { input: probe });
  },
  checks: [
    {
      name: 'before: an outside source is believed from any IPv4 address',
      run: (lab) => expectAccepted(lab, unrelayed, 2),
    },
    {
      name: 'after: from the border relay only',
      async run(lab) {
        await load(lab.host('alpha'), ...paths);
        await expectAccepted(lab, unrelayed, 0);
      },
    },
    { name: 'after: the Internet is reached', run: (lab) => expectAnswers(lab.host('alpha'), internet) },
    {
      name: 'after: the Internet reaches in',
      run: (lab) => expectAnswers(lab.host('relay'), customer, { from: internet }),
    },
  ],
}));
