import type { Lab } from '../lab/lab.ts';
import { serverAddress } from '../lab/nodes.ts';
import { waitUntil } from '../lab/wait-until.ts';

const port = 9999;

/** Sends a datagram every 10 ms to whoever sent one first. */
const feeder = `
const socket = require('node:dgram').createSocket('udp6');
socket.once('message', (_, from) => setInterval(() => socket.send('x', from.port, from.address), 10));
socket.bind(${port}, () => console.log('ready'));`;

/** Sends one datagram and then only listens; says when each one comes, in milliseconds since 1970. */
const listener = `
const socket = require('node:dgram').createSocket('udp6');
socket.on('message', () => console.log(performance.timeOrigin + performance.now()));
socket.send('please', ${port}, '${serverAddress}');`;

/** A UDP flow that a host inside began once, and that only the server on the Internet feeds since then. */
export async function startOutsideFed(lab: Lab): Promise<{ arrivals: readonly number[] }> {
  let ready = false;
  lab.spawn('server', [process.execPath, '-e', feeder], { label: 'feeder', onLine: () => (ready = true) });
  await waitUntil('the feeder', () => ready);
  const arrivals: number[] = [];
  const onLine = (line: string) => arrivals.push(Number(line));
  lab.spawn('lan1', [process.execPath, '-e', listener], { label: 'listener', onLine });
  await waitUntil('the first datagrams', () => arrivals.length > 20);
  return { arrivals };
}
