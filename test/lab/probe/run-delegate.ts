import { createSocket } from 'node:dgram';
import { compileAnswer } from './dhcpv6.ts';
import type { DelegateJob } from './job.ts';

export function runDelegate(job: DelegateJob): void {
  const socket = createSocket({ type: 'udp6', reuseAddr: true });
  socket.on('message', (request, from) => {
    const answer = compileAnswer(request, job);
    if (answer) socket.send(answer, from.port, from.address);
  });
  socket.bind(547, '::', () => {
    socket.addMembership('ff02::1:2', `::%${job.link}`);
    process.stdout.write('ready\n');
  });
  process.on('SIGTERM', () => process.exit(0));
}
