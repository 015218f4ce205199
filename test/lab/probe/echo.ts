import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { EchoJob } from './job.ts';

export function runEcho({ port }: EchoJob): void {
  const udp = createSocket({ type: 'udp6' });
  udp.on('message', (message, from) => {
    const [word] = message.toString('latin1').split(' ');
    udp.send(`${word} ${from.address}`, from.port, from.address);
  });
  udp.on('error', () => {}); // an unreachable client is no reason to end
  const tcp = createServer({ noDelay: true }, (socket) => {
    const source = socket.remoteAddress ?? '?';
    socket.on('error', () => {});
    createInterface({ input: socket })
      .on('error', () => {}) // the socket's own, which it passes on
      .on('line', (line) => socket.write(`${line.split(' ')[0]} ${source}\n`));
  });
  udp.bind(port, '::', () => tcp.listen(port, '::', 1024, () => process.stdout.write('ready\n')));
  process.on('SIGTERM', () => process.exit(0));
}
