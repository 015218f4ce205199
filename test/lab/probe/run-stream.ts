import { createSocket } from 'node:dgram';
import type { StreamJob, StreamReport } from './job.ts';

/** At most so many a turn, so that a late timer does not make a burst that fills a queue. */
const burst = 200;

export function runStream({ target, rate, ports }: StreamJob): void {
  const socket = createSocket({ type: 'udp6', lookup: (host, _options, done) => done(null, host, 6) });
  socket.on('error', () => {});
  const payload = Buffer.alloc(32);
  const start = performance.now();
  let sent = 0;
  let skipped = 0;
  const turn = () => {
    const due = Math.floor(((performance.now() - start) * rate) / 1000) - sent - skipped;
    const now = Math.min(due, burst);
    skipped += due - now;
    for (let count = 0; count < now; count++) socket.send(payload, 10_000 + (sent++ % ports), target);
  };
  socket.bind(() => {
    process.stdout.write('ready\n');
    setInterval(turn, 1);
  });
  process.once('SIGTERM', () => {
    const { user, system } = process.cpuUsage();
    const report: StreamReport = { sent, ms: performance.now() - start, cpu: (user + system) / 1000 };
    process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
  });
}
