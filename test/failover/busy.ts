import { readFileSync } from 'node:fs';

/** Which part of the processors' time was used since the last call, 0 to 1: by this test and by whatever else runs. */
export function createBusyMeter(): () => number {
  let before = read();
  return () => {
    const now = read();
    const share = (now.busy - before.busy) / Math.max(1, now.total - before.total);
    before = now;
    return share;
  };
}

/** proc_stat(5), in ticks: user nice system idle iowait irq softirq steal. */
function read(): { busy: number; total: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const total = ticks.reduce((sum, each) => sum + each, 0);
  return { busy: total - (ticks[3] ?? 0) - (ticks[4] ?? 0), total };
}
