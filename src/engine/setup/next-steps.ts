import { shellWord } from '../../core/shell-word.ts';
import { clientOf } from './propose-setup.ts';
import type { Setup } from './setup.ts';
import type { Firewall, SetupFacts } from './setup-facts.ts';

/** One thing to do after the files are there. */
export interface NextStep {
  /** One sentence. */
  readonly what: string;
  /** For a shell; undefined where it is not one command. */
  readonly command?: string;
}

/** Of what the files are there already. */
export interface Prepared {
  readonly client?: true;
  readonly lans?: true;
}

/** What is left to do, in order. `sysctl`: the file with kernel settings that was written. */
export function nextSteps(
  setup: Setup,
  facts: SetupFacts,
  sysctl: string,
  prepared: Prepared = {},
): readonly NextStep[] {
  return [
    { what: 'Let the kernel forward, now and at every boot.', command: `sysctl -p ${sysctl}` },
    ...(prepared.lans ? takeLans(setup, facts) : [lans(setup, facts)]),
    ...(prepared.client ? takeClient(setup, facts) : client(setup, facts)),
    ...advertisements(setup, facts),
    ...firewall(facts),
    { what: 'Look what it would do, and put it in force until you confirm it.', command: 'sixgate plan; sixgate try' },
    facts.systemd
      ? { what: 'Let it run from now on.', command: 'systemctl enable --now sixgate' }
      : { what: 'Let it run from now on, by whatever starts services here.', command: 'sixgate run' },
    { what: 'See whether anything on this machine is in the way.', command: 'sixgate doctor' },
  ];
}

function client({ from, client: hooked, uplink, length }: Setup, facts: SetupFacts): NextStep[] {
  const wanted = { dhcpcd: 'dhcpcd', networkd: 'networkd', hook: hooked ?? 'dhclient' } as const;
  if (from === 'dhcpcd' || from === 'networkd' || from === 'hook') {
    const target = wanted[from];
    const command = `sixgate generate uplink --for ${target} --interface ${shellWord(uplink)} --length ${length}`;
    return [{ what: `Give ${target} what it needs to ask for the prefix and to tell of it; this prints it.`, command }];
  }
  if (from !== 'dhcpv6') return [];
  const other = clientOf(facts, uplink);
  if (!other) return [];
  const what = `${other.name} serves ${uplink} here: tell it to leave DHCPv6 there alone, since only one program can have UDP port 546.`;
  return [{ what }];
}

/** The files are there; who reads them has to look. A restart of the machine does it as well. */
function takeClient({ from, client: hooked = 'dhclient', uplink }: Setup, { systemd }: SetupFacts): NextStep[] {
  if (from === 'dhcpcd') {
    const what = `Let dhcpcd ask for the prefix on ${uplink}, now and at every boot.`;
    return [
      { what, command: systemd ? 'systemctl enable dhcpcd; systemctl restart dhcpcd' : `dhcpcd ${shellWord(uplink)}` },
    ];
  }
  return [{ what: `Start ${hooked} for ${uplink} anew: from then on it tells of the prefix.` }];
}

function takeLans({ lans: wanted, advertise }: Setup, { networkManager, systemd }: SetupFacts): NextStep[] {
  const names = wanted.map((lan) => lan.interface);
  const ups = names.map((name) => `ifup --force ${shellWord(name)}`).join('; ');
  const command = networkManager === 'netplan' ? 'netplan apply' : ups;
  const radvd = {
    what: 'Let radvd announce the prefixes.',
    command: 'systemctl daemon-reload; systemctl enable --now radvd',
  };
  return [
    { what: `Give ${names.join(' and ')} the inside addresses now; at a boot it happens by itself.`, command },
    ...(advertise && systemd ? [radvd] : []),
  ];
}

function lans({ lans: wanted }: Setup, { networkManager }: SetupFacts): NextStep {
  const names = wanted.map((lan) => lan.interface).join(' and ');
  if (networkManager === 'networkmanager') {
    const what = `Give ${names} the first address of each subnet as IPv6 address, with the method "manual", in NetworkManager.`;
    return { what, command: 'sixgate generate lan --for ifupdown  # shows the addresses' };
  }
  const target = networkManager === 'nobody' ? 'networkd' : networkManager;
  return {
    what: `Give ${names} the inside addresses; look at the files before you let --out write them.`,
    command: `sixgate generate lan --for ${target}  # then with: --out /`,
  };
}

function advertisements({ advertise }: Setup, { radvdFree }: SetupFacts): NextStep[] {
  if (!advertise) {
    return [
      {
        what: 'Tell the hosts of each LAN its prefix by router advertisements, as you do for others; or with "advertise: {}" in the network and radvd.',
      },
    ];
  }
  if (radvdFree) return [];
  return [
    {
      what: 'radvd announces the prefixes, and is not installed or has a file of its own.',
      command: 'apt install radvd',
    },
  ];
}

const generated: Readonly<Record<Firewall, NextStep>> = {
  nftables: {
    what: 'Let your nftables rules include what they have to let pass; this prints it.',
    command: 'sixgate generate firewall --for nftables',
  },
  iptables: {
    what: 'Let your ip6tables rules include what they have to let pass; this prints it.',
    command: 'sixgate generate firewall --for iptables',
  },
  ufw: { what: 'ufw filters here: "sixgate doctor" says what it stops and which rule lets it pass.' },
  firewalld: { what: 'firewalld filters here: "sixgate doctor" says what it stops and which rule lets it pass.' },
};

function firewall({ firewalls }: SetupFacts): NextStep[] {
  if (!firewalls.known) return [];
  if (firewalls.value.length > 0) return firewalls.value.map((each) => generated[each]);
  const what =
    'No firewall stands here: sixgate lets nothing unasked in to the LANs, but this machine itself is open; this prints rules for it.';
  return [{ what, command: 'sixgate generate firewall --for nftables' }];
}
