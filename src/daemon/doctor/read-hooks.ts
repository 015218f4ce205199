import type { Config } from '../../engine/config.ts';
import { dhcpcdScript, hookOf } from '../../engine/doctor/client-hook.ts';
import type { DhcpcdConfig, HookFact } from '../../engine/doctor/host-facts.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Host, Processes } from '../../host/host.ts';
import { knownFact, unknownFact } from './read-fact.ts';

/** The hooks that clients of the uplinks run, by path; undefined: there is no such file. */
export async function readHooks(
  { files, processes }: Host,
  config: Config,
  dhcpcdConfig: Read<DhcpcdConfig | undefined>,
): Promise<ReadonlyMap<string, Read<HookFact | undefined>>> {
  const paths = config.uplinks.flatMap(({ source }) => {
    if (source.from !== 'dhcpcd') return hookOf(source)?.path ?? [];
    return (dhcpcdConfig.known && dhcpcdScript(dhcpcdConfig.value)) || [];
  });
  const read = async (path: string): Promise<Read<HookFact | undefined>> => {
    const text = await files.read(path);
    if (!text.ok) return unknownFact(text.problem);
    if (text.value === undefined) return knownFact(undefined);
    return knownFact({ text: text.value, executable: await isExecutable(processes, path) });
  };
  return new Map(await Promise.all(paths.map(async (path) => [path, await read(path)] as const)));
}

/** Whether this process may run it. */
export async function isExecutable(processes: Processes, path: string): Promise<boolean> {
  const tested = await processes.run({ argv: ['test', '-x', path] });
  return tested.ok && tested.value.code === 0;
}
