import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import type { Protocol } from './protocol.ts';

/**
 * A listener that answers every line or datagram with the source address and port it saw. A line `bulk UP DOWN` on TCP
 * is followed by so many bytes to read, and answered by so many.
 */
export function listen(protocol: Protocol, port: number, address = '::'): Promise<void> {
  return new Promise((resolve, reject) => {
    if (protocol === 'udp') {
      const socket = createSocket({ type: 'udp6' });
      socket.on('message', (_, from) => socket.send(`${from.address} ${from.port}\n`, from.port, from.address));
      socket.once('error', reject);
      socket.bind(port, address, () => {
        socket.off('error', reject).on('error', () => {});
        resolve();
      });
    } else {
      const server = createServer({ noDelay: true }, answer);
      server.once('error', reject).listen(port, address, 128, resolve);
    }
  });
}

function answer(socket: Socket): void {
  let text = '';
  let expected = 0;
  let after = 0;
  socket.on('error', () => {});
  socket.on('data', (data) => {
    if (expected > 0) {
      expected -= data.length;
      if (expected <= 0) socket.write(Buffer.alloc(after));
      return;
    }
    text += data.toString('latin1');
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      const [word, up, down] = text.slice(0, end).split(' ');
      text = text.slice(end + 1);
      if (word === 'bulk') {
        expected = Number(up) - text.length;
        after = Number(down);
        text = '';
        if (expected <= 0) socket.write(Buffer.alloc(after));
      } else {
        socket.write(`${socket.remoteAddress} ${socket.remotePort}\n`);
      }
    }
  });
}
