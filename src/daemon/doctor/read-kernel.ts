import { compileScript } from '../../backend/nft/compile-script.ts';
import { compileWanted } from '../../backend/nft/wanted-tables.ts';
import type { Config } from '../../engine/config.ts';
import type { Delegation } from '../../engine/delegation.ts';
import { deriveDesired } from '../../engine/desired.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Files, Host, Processes } from '../../host/host.ts';
import { runTool } from '../run-tool.ts';
import { knownFact, readFact, unknownFact } from './read-fact.ts';

/** Kernel settings by their path under /proc/sys; what is not there or no number is left out. */
export async function readSettings(files: Files, config: Config): Promise<ReadonlyMap<string, number>> {
  const links = new Set([
    ...config.uplinks.map((uplink) => uplink.interface),
    ...config.networks.flatMap(({ subnets }) => subnets.flatMap((subnet) => subnet.interface ?? [])),
  ]);
  const paths = [
    'net/ipv6/conf/all/forwarding',
    'net/netfilter/nf_conntrack_max',
    'net/netfilter/nf_conntrack_tcp_loose',
    ...[...links].flatMap((link) =>
      ['forwarding', 'accept_ra', 'accept_ra_mtu', 'mtu', 'disable_ipv6'].map(
        (name) => `net/ipv6/conf/${link}/${name}`,
      ),
    ),
  ];
  const read = await Promise.all(paths.map(async (path) => [path, await files.read(`/proc/sys/${path}`)] as const));
  return new Map(
    read.flatMap(([path, text]) =>
      text.ok && text.value !== undefined && /^-?\d+\s*$/.test(text.value) ? [[path, Number(text.value)] as const] : [],
    ),
  );
}

/** Hands the whole ruleset to nft and the kernel for a check; nothing is applied. */
export async function readRulesetRefused(
  { processes, clock }: Host,
  config: Config,
  delegations: readonly Delegation[],
): Promise<Read<string | null>> {
  const wanted = compileWanted(deriveDesired(config, delegations, clock.now()));
  const steps = wanted.tables.map((table) => ({ do: 'install-table', table, replaces: true, because: '' }) as const);
  const tried = await runTool(processes, { argv: ['nft', '-c', '-f', '-'], input: compileScript(steps) ?? '' });
  if (tried.ok) return knownFact(null);
  return tried.problem.code === 'apply-failed' ? knownFact(tried.problem.message) : unknownFact(tried.problem);
}

export async function readFlows(processes: Processes): Promise<Read<number>> {
  return readFact(processes, ['conntrack', '-C'], (text) =>
    /^\d+\s*$/.test(text) ? knownFact(Number(text)) : { known: false, why: 'conntrack printed no number' },
  );
}

/** Whether somebody keeps the clock set, as systemd says; undefined where nobody can be asked. */
export async function readClockKept(processes: Processes): Promise<boolean | undefined> {
  // What answers is started by the question: as long as the bus itself waits.
  const argv = ['timedatectl', 'show', '-p', 'NTPSynchronized', '--value'] as const;
  const asked = await processes.run({ argv, timeout: 25_000 });
  const answer = asked.ok && asked.value.code === 0 ? asked.value.stdout.trim() : '';
  return answer === 'yes' ? true : answer === 'no' ? false : undefined;
}

/** Versions by name; null for a tool that is not there. */
export async function readTools(
  processes: Processes,
  names: readonly string[],
): Promise<ReadonlyMap<string, Read<string | null>>> {
  const ask = async (name: string): Promise<Read<string | null>> => {
    const asked = await processes.run({ argv: [name, name === 'ip' || name === 'ping' ? '-V' : '--version'] });
    if (!asked.ok) return asked.problem.code === 'tool-missing' ? knownFact(null) : unknownFact(asked.problem);
    return knownFact(/\d+(\.\d+)+/.exec(asked.value.stdout + asked.value.stderr)?.[0] ?? '');
  };
  return new Map(await Promise.all(names.map(async (name) => [name, await ask(name)] as const)));
}
