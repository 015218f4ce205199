import { isExecutable } from '../doctor/read-hooks.ts';
import { listDefaultRoutes, parseDefaultRoutes } from '../../backend/ip/parse-default-routes.ts';
import { listInterfaces, parseInterfaces } from '../../backend/ip/parse-interfaces.ts';
import { compileWholeFilter } from '../../backend/xen/compile-vif-steps.ts';
import { parseDefaultScript } from '../../backend/xen/parse-xl-conf.ts';
import { judgeSeal } from '../../core/sealed-text.ts';
import type { Read } from '../../engine/kernel-state.ts';
import { xenTools } from '../../engine/xen/checks/host.ts';
import type { HookFact, XenFacts } from '../../engine/xen/checks/xen-facts.ts';
import type { XenConfig } from '../../engine/xen/xen-config.ts';
import type { Files, Host, Processes } from '../../host/host.ts';
import { knownFact, readFact, unknownFact } from '../doctor/read-fact.ts';
import { readTools } from '../doctor/read-kernel.ts';
import { runTool } from '../run-tool.ts';
import { readGuests } from './read-guests.ts';

/** Reads everything that the checks of a Xen host look at. Changes nothing. */
export async function readXenFacts(
  host: Host,
  { runtimeDir, hook }: { readonly runtimeDir: string; /** Where it should be. */ readonly hook: string },
  config: XenConfig,
): Promise<XenFacts> {
  const { files, processes } = host;
  const defaultRoutes = await readFact(processes, listDefaultRoutes, parseDefaultRoutes);
  const links = defaultRoutes.known ? defaultRoutes.value.map((route) => route.interface) : [];
  const [common, hookFact, defaultScript, tools, settings, interfaces, filterRefused, guests] = await Promise.all([
    files.read('/etc/xen/scripts/vif-common.sh'),
    readHook(host, hook),
    readDefaultScript(files),
    readTools(processes, [...Object.keys(xenTools), 'radvd', 'ifconfig']),
    readNumbers(files, ['net/ipv6/conf/all/forwarding', ...links.map((link) => `net/ipv6/conf/${link}/accept_ra`)]),
    readFact(processes, listInterfaces, parseInterfaces),
    readFilterRefused(processes),
    readGuests(host, runtimeDir, config),
  ]);
  return {
    scripts: common.ok && common.value !== undefined,
    hook: hookFact,
    defaultScript,
    tools,
    settings,
    interfaces,
    defaultRoutes,
    filterRefused,
    guests: guests.ok ? knownFact(guests.value.guests) : unknownFact(guests.problem),
  };
}

async function readHook({ files, processes }: Host, path: string): Promise<Read<HookFact | undefined>> {
  const text = await files.read(path);
  if (!text.ok) return unknownFact(text.problem);
  if (text.value === undefined) return knownFact(undefined);
  const program = /\$\((?:'([^']+)'|(\S+)) .*xen vif /
    .exec(text.value)
    ?.slice(1)
    .find((each) => each !== undefined);
  return knownFact({
    path,
    whose: judgeSeal(text.value),
    executable: await isExecutable(processes, path),
    ...(program !== undefined && { program }),
    runs: program !== undefined && (await isExecutable(processes, program)),
  });
}

async function readDefaultScript(files: Files): Promise<Read<string | undefined>> {
  const text = await files.read('/etc/xen/xl.conf');
  return text.ok ? knownFact(parseDefaultScript(text.value ?? '')) : unknownFact(text.problem);
}

async function readNumbers(files: Files, paths: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const read = await Promise.all(paths.map(async (path) => [path, await files.read(`/proc/sys/${path}`)] as const));
  return new Map(
    read.flatMap(([path, text]) =>
      text.ok && text.value !== undefined && /^-?\d+\s*$/.test(text.value) ? [[path, Number(text.value)] as const] : [],
    ),
  );
}

async function readFilterRefused(processes: Processes): Promise<Read<string | null>> {
  const tried = await runTool(processes, { argv: ['nft', '-c', '-f', '-'], input: compileWholeFilter([]) });
  if (tried.ok) return knownFact(null);
  return tried.problem.code === 'apply-failed' ? knownFact(tried.problem.message) : unknownFact(tried.problem);
}
