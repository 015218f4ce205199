import type { Host } from '../host/host.ts';

/** Seconds since boot (CLOCK_BOOTTIME, as it is in this time namespace); 0 where that cannot be read. */
export async function readUptime(host: Host): Promise<number> {
  const text = await host.files.read('/proc/uptime');
  return text.ok ? Number.parseFloat(text.value ?? '0') || 0 : 0;
}
