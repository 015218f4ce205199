import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { nowMs } from './clock.ts';
import { FlowRecord } from './flow-record.ts';
import type { FlowsJob } from './job.ts';
import type { Flow } from './run-flows.ts';

/**
 * One echo flow, sent by ping(8) since Node has no raw sockets. Its spacing is not exact; `-O` tells
 * of each unanswered one when the next is sent.
 */
export function startIcmpLong(job: FlowsJob): Flow {
  const record = new FlowRecord('icmp-long');
  const ping = spawn('ping', ['-6', '-n', '-D', '-O', '-i', String(job.interval / 1000), job.target], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const started = nowMs();
  const answers = new Map<number, number>();
  const missed = new Map<number, number>();
  let transmitted = 0;
  createInterface({ input: ping.stdout }).on('line', (line) => {
    const [, stamp, what = '', sequence] = /^\[([0-9.]+)\] (.*)icmp_seq=([0-9]+)/.exec(line) ?? [];
    if (line.includes(' time=')) answers.set(Number(sequence), Number(stamp) * 1000);
    else if (what.startsWith('no answer yet')) missed.set(Number(sequence), Number(stamp) * 1000);
    const summary = /^([0-9]+) packets transmitted/.exec(line);
    if (summary) transmitted = Number(summary[1]);
  });
  const ended = new Promise<void>((resolve) => ping.on('close', () => resolve()));
  const close = async () => {
    ping.kill('SIGINT');
    await ended;
    let last = started;
    for (let sequence = 1; sequence <= transmitted; sequence++) {
      const answered = answers.get(sequence);
      last = answered ?? missed.get(sequence) ?? last + job.interval;
      const number = record.sent(last);
      if (answered !== undefined) record.answered(number, answered);
    }
  };
  return { record, stop: () => {}, close };
}
