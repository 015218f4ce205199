import type { Clock } from '../host/host.ts';

/** A clock that goes on only when told. */
export class ManualClock implements Clock {
  private time = 0;
  private readonly timers = new Map<number, { at: number; callback: () => void }>();
  private serial = 0;
  now = (): number => this.time;
  monotonic = (): number => this.time;
  uptime = (): number => this.time;
  after(delay: number, callback: () => void): () => void {
    const id = this.serial++;
    this.timers.set(id, { at: this.time + delay, callback });
    return () => void this.timers.delete(id);
  }
  async advance(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      const due = [...this.timers].filter(([, { at }]) => at <= end).sort(([, one], [, other]) => one.at - other.at)[0];
      if (!due) break;
      const [id, { at, callback }] = due;
      this.timers.delete(id);
      this.time = Math.max(this.time, at);
      callback();
      await settle();
    }
    this.time = end;
    await settle();
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
