import type { Problem } from '../core/problem.ts';
import type { Config } from '../engine/config.ts';
import type { Files } from '../host/host.ts';

/** Interfaces of the configuration that are not there. They may come later, so nothing is refused for it. */
export async function missingInterfaces(files: Files, config: Config): Promise<Problem[]> {
  const text = await files.read('/proc/net/dev');
  if (!text.ok || text.value === undefined) return [];
  const present = new Set([...text.value.matchAll(/^\s*([^:\s]+):/gm)].map(([, name]) => name));
  const wanted = [
    ...config.uplinks.map((uplink) => ({ name: uplink.interface, what: `uplink ${uplink.name}` })),
    ...config.networks.flatMap((network) =>
      network.subnets.flatMap((subnet) =>
        subnet.interface ? [{ name: subnet.interface, what: `subnet ${subnet.name}` }] : [],
      ),
    ),
  ];
  return wanted
    .filter(({ name }) => !present.has(name))
    .map(({ name, what }) => ({
      code: 'interface-missing',
      message: `interface ${name} of ${what} is not there`,
      mend: 'It works as soon as it comes; otherwise correct its name in the configuration.',
    }));
}
