import type { AskJob, AskReport } from './job.ts';
import { openTcp } from './tcp-flows.ts';
import { openUdp, sendUdp } from './udp-flows.ts';

export function runAsk(job: AskJob): void {
  const answer = (report: Partial<AskReport>) => {
    process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
  };
  const onAnswer = (_: number, source: string) => answer({ source });
  setTimeout(() => answer({ error: `no answer within ${job.timeout} ms` }), job.timeout);
  if (job.protocol === 'udp') {
    sendUdp(openUdp(onAnswer), 0, job);
  } else {
    const socket = openTcp(job, onAnswer);
    socket.once('connect', () => socket.write('0 probe\n'));
    socket.once('error', ({ message }) => answer({ error: message }));
  }
}
