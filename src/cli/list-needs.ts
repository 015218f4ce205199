import type { Config } from '../engine/config.ts';
import { readProgramObject } from '../daemon/program-object.ts';
import type { Command, Files, Host, Processes } from '../host/host.ts';

/** A tool or kernel feature that the configuration needs, and whether this machine has it. */
export interface Need {
  readonly kind: 'tool' | 'kernel';
  readonly name: string;
  /** What it is needed for. */
  readonly reason: string;
  /** Kernel features cannot be seen from outside, since modules load on demand: they are `untried`. */
  readonly found: 'present' | 'missing' | 'untried';
  readonly version: string | null;
  readonly mend?: string;
}

interface Tool {
  readonly name: string;
  readonly ask: Command;
  readonly reason: string;
  readonly mend: string;
}

const nft: Tool = {
  name: 'nft',
  ask: { argv: ['nft', '--version'] },
  reason: 'the guard and the translation',
  mend: 'Install nftables.',
};
const ip6tables: Tool = {
  name: 'ip6tables',
  ask: { argv: ['ip6tables', '--version'] },
  reason: 'the guard and the translation',
  mend: 'Install iptables.',
};
const ip: Tool = {
  name: 'ip',
  ask: { argv: ['ip', '-V'] },
  reason: 'unreachable routes and the watch on interfaces',
  mend: 'Install iproute2.',
};
const ping: Tool = {
  name: 'ping',
  ask: { argv: ['ping', '-V'] },
  reason: 'whether the Internet is reached through an uplink (health)',
  mend: 'Install iputils-ping.',
};
const conntrack: Tool = {
  name: 'conntrack',
  ask: { argv: ['conntrack', '--version'] },
  reason: 'moving flows when the prefix changes',
  mend: 'Install conntrack.',
};
const dhcpcd: Tool = {
  name: 'dhcpcd',
  ask: { argv: ['dhcpcd', '--version'] },
  reason: 'asking the provider for a prefix',
  mend: 'Install dhcpcd-base (Debian) or dhcpcd, where it does not run on another machine.',
};
const networkctl: Tool = {
  name: 'networkctl',
  ask: { argv: ['networkctl', '--version'] },
  reason: 'the prefixes that systemd-networkd holds',
  mend: 'Install systemd (250 or later), where systemd-networkd does not run on another machine.',
};
const nmcli: Tool = {
  name: 'nmcli',
  ask: { argv: ['nmcli', '--version'] },
  reason: 'the prefixes that NetworkManager holds',
  mend: 'Install network-manager, where NetworkManager does not run on another machine.',
};

const xenstore: Tool = {
  name: 'xenstore-read',
  ask: { argv: ['xenstore-read', '--help'] },
  reason: 'which guest an interface belongs to',
  mend: 'Install xenstore-utils.',
};
const sysctl: Tool = {
  name: 'sysctl',
  ask: { argv: ['sysctl', '--version'] },
  reason: "settings of guests' interfaces",
  mend: 'Install procps.',
};
const radvd: Tool = {
  name: 'radvd',
  ask: { argv: ['radvd', '--version'] },
  reason: 'router advertisements to guests',
  mend: 'Install radvd.',
};

const nsupdate: Tool = {
  name: 'nsupdate',
  ask: { argv: ['nsupdate', '-V'] },
  reason: 'AAAA records of inside hosts',
  mend: 'Install bind9-dnsutils.',
};

const tc: Tool = {
  name: 'tc',
  ask: { argv: ['tc', '-V'] },
  reason: 'the programs that translate without state',
  mend: 'Install iproute2.',
};

const kernelNeeds: readonly Need[] = [
  { name: 'nf_tables', reason: 'the guard: interval sets and reject for IPv6' },
  { name: 'nft_nat', reason: 'translation of prefixes by maps' },
  { name: 'nf_conntrack', reason: 'following flows' },
].map((need) => ({ kind: 'kernel', found: 'untried', version: null, ...need }));

const chainsKernelNeeds: readonly Need[] = [
  { name: 'ip6table_mangle, ip6table_nat, ip6table_filter', reason: 'the tables, or nf_tables behind iptables-nft' },
  { name: 'xt_NETMAP', reason: 'translation of prefixes' },
  { name: 'xt_conntrack, xt_addrtype, ip6t_REJECT', reason: 'the guard, and what it tells inside hosts' },
].map((need) => ({ kind: 'kernel', found: 'untried', version: null, ...need }));

const statelessKernelNeeds: readonly Need[] = [
  { name: 'cls_bpf', reason: 'the programs that translate without state, on clsact' },
  { name: 'ifb', reason: 'the detour of packets that are to be translated' },
  { name: 'nft_fwd_netdev', reason: 'the way into it, on the egress hook (Linux 5.16)' },
].map((need) => ({ kind: 'kernel', found: 'untried', version: null, ...need }));

const offloadKernelNeeds: readonly Need[] = [
  { name: 'nf_flow_table, nf_flow_table_inet', reason: 'the flowtable that established flows take (offload)' },
  { name: 'nft_flow_offload', reason: 'the rule that hands them over' },
].map((need) => ({ kind: 'kernel', found: 'untried', version: null, ...need }));

/** Asks each tool for its version. Whether the kernel takes the rules shows only when it is given them. */
export async function listNeeds({ processes, files }: Host, config: Config): Promise<readonly Need[]> {
  const translated = config.translations.length > 0;
  const stateless = config.translations.some(({ mode }) => mode === 'rfc6296');
  const comesFrom = (from: string): boolean => config.uplinks.some(({ source }) => source.from === from);
  const chains = config.backend === 'ip6tables';
  const tools = [
    ...(chains ? [ip6tables, { ...nft, reason: 'the copy of the guard that a daemon holds' }] : [nft]),
    ip,
    ...(translated ? [conntrack] : []),
    ...(stateless ? [tc] : []),
    ...(config.uplinks.some(({ health }) => health) ? [ping] : []),
    ...(comesFrom('dhcpcd') ? [dhcpcd] : []),
    ...(comesFrom('networkmanager') ? [nmcli] : []),
    ...(comesFrom('networkd') ? [networkctl] : []),
    ...(config.dns?.some(({ service }) => service.via === 'nsupdate') ? [nsupdate] : []),
    ...xenTools(config),
  ];
  const needs = await Promise.all(tools.map((tool) => findTool(processes, tool)));
  return [
    ...needs,
    ...(stateless ? [await findObject(files)] : []),
    ...(chains ? chainsKernelNeeds : translated ? kernelNeeds : kernelNeeds.slice(0, 1)),
    ...(stateless ? statelessKernelNeeds : []),
    ...(config.translations.some(({ offload }) => offload) ? offloadKernelNeeds : []),
  ];
}

async function findObject(files: Files): Promise<Need> {
  const read = await readProgramObject(files);
  const common = { kind: 'tool', name: 'rfc6296.o', reason: 'the compiled translator of mode rfc6296' } as const;
  if (read.ok) return { ...common, found: 'present', version: null };
  const { mend } = read.problem;
  return { ...common, found: 'missing', version: null, ...(mend !== undefined && { mend }) };
}

function xenTools({ xen }: Config): Tool[] {
  if (!xen) return [];
  const advertised = xen.guests.some(({ interfaces }) => interfaces.some(({ advertise }) => advertise));
  return [xenstore, sysctl, ...(advertised ? [radvd] : [])];
}

async function findTool(processes: Processes, { name, ask, reason, mend }: Tool): Promise<Need> {
  const asked = await processes.run(ask);
  const common = { kind: 'tool', name, reason } as const;
  if (!asked.ok) return { ...common, found: 'missing', version: null, mend };
  const version = /\d+(\.\d+)+/.exec(asked.value.stdout + asked.value.stderr)?.[0] ?? null;
  return { ...common, found: 'present', version };
}
