import { waitUntil } from '../lab/wait-until.ts';
import type { Machine } from './machine.ts';

/** One long UDP flow from an inside host; the host outside answers with the source that it saw. */
export interface Flow {
  /** Waits until answers come, and the packets that they are for came from this address. */
  arrivesFrom(source: string): Promise<void>;
  stop(): Promise<void>;
}

const server = `
const socket = require('node:dgram').createSocket('udp6');
socket.on('message', (text, { address, port }) => socket.send(text + ' ' + address, port, address));
socket.bind(7777, () => console.log('ready'));`;
const client = (towards: string): string => `
const socket = require('node:dgram').createSocket('udp6');
socket.on('message', (text) => console.log(String(text)));
socket.on('error', () => {});
let count = 0;
socket.bind(4444, () => setInterval(() => socket.send(String(++count), 7777, '${towards}', () => {}), 20));`;

export async function startFlow(
  machine: Machine,
  { inside, outside, towards }: { readonly inside: string; readonly outside: string; readonly towards: string },
): Promise<Flow> {
  const within = (space: string, script: string) =>
    machine.start(['ip', 'netns', 'exec', space, process.execPath, '-e', script]);
  const answering = within(outside, server);
  await answering.until('ready');
  const asking = within(inside, client(towards));
  return {
    async arrivesFrom(source) {
      const seen = asking.output().length;
      await waitUntil(
        `answers to ${source}`,
        () => {
          const lines = asking.output().slice(seen).trim().split('\n');
          return lines.length > 5 && lines.slice(-5).every((line) => line.endsWith(` ${source}`));
        },
        { timeout: 10_000 },
      ).catch((error: unknown) => {
        throw new Error(`last seen: ${asking.output().slice(-100)}`, { cause: error });
      });
    },
    async stop() {
      asking.child.kill();
      answering.child.kill();
      await Promise.all([asking.ended, answering.ended]);
    },
  };
}
