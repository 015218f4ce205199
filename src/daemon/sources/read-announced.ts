import type { Host } from '../../host/host.ts';

/** The routes to announced links, in the words of the monitor. Unreadable is as good as none: it only costs a renewal. */
export async function readAnnounced(host: Host): Promise<string[]> {
  const output = await host.processes.run({ argv: ['ip', '-6', '-o', 'route', 'show', 'proto', 'kernel'] });
  return output.ok ? output.value.stdout.split('\n') : [];
}
