import type { ClockReading } from '../engine/clock-reading.ts';
import type { Clock, Host } from '../host/host.ts';

/** Which boot this is; empty where that can't be read. */
export async function readBoot({ files }: Host): Promise<string> {
  const text = await files.read('/proc/sys/kernel/random/boot_id');
  return text.ok ? (text.value ?? '').trim() : '';
}

export function readClock(clock: Clock, boot: string): ClockReading {
  return { boot, uptime: clock.uptime(), wall: clock.now() };
}
