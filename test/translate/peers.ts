import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundleProgram } from '../lab/bundle.ts';
import type { Lab } from '../lab/lab.ts';
import { LabError } from '../lab/lab-error.ts';
import type { LabNode } from '../lab/nodes.ts';
import { waitUntil } from '../lab/wait-until.ts';
import type { Answer, Protocol, Request, Target } from './peer/protocol.ts';

export interface PeerFlow {
  /** One question and its answer; `silent` where none came within `timeout` milliseconds, default 1000. */
  say(options?: { readonly timeout?: number; readonly size?: number }): Promise<Answer>;
  close(): Promise<void>;
}

/** A program that waits on a node of the lab and talks, listens and tells what came of it. */
export interface Peer {
  /** From now on it answers there. */
  listen(protocol: Protocol, port: number, address?: string): Promise<void>;
  open(target: Target): Promise<PeerFlow>;
  /** One question in a flow of its own. */
  ask(target: Target & { readonly timeout?: number; readonly size?: number }): Promise<Answer>;
  transfer(target: string, port: number, bytes: { readonly up: number; readonly down: number }): Promise<Answer>;
}

/** Starts a peer on each of these nodes. They hear of us through a Unix socket, which no network namespace hides. */
export async function startPeers<N extends LabNode>(lab: Lab, nodes: readonly N[]): Promise<Record<N, Peer>> {
  const program = bundleProgram(lab.directory, 'peer', 'test/translate/peer/main.ts');
  const entries = await Promise.all(nodes.map(async (node) => [node, await startPeer(lab, node, program)] as const));
  return Object.fromEntries(entries) as Record<N, Peer>;
}

async function startPeer(lab: Lab, node: LabNode, program: string): Promise<Peer> {
  const path = join(lab.directory, `${node}.peer`);
  let ready = false;
  const started = lab.spawn(node, [process.execPath, program, path], { label: 'peer', onLine: () => (ready = true) });
  await waitUntil(
    `the peer on ${node}`,
    () => {
      if (!started.running()) throw new LabError(`the peer on ${node} ended`, { stderr: started.log() });
      return ready;
    },
    { interval: 5 },
  );
  const control = connect(path);
  control.on('error', () => {}); // it ends with the lab
  const waiting = new Map<number, (answer: Answer & { failed?: string }) => void>();
  createInterface({ input: control })
    .on('error', () => {})
    .on('line', (line) => {
      const { id, ...answer } = JSON.parse(line) as Answer & { id: number };
      waiting.get(id)?.(answer);
      waiting.delete(id);
    });
  let last = 0;
  const request = async (what: Request): Promise<Answer> => {
    const id = ++last;
    const answer = await new Promise<Answer & { failed?: string }>((resolve) => {
      waiting.set(id, resolve);
      control.write(`${JSON.stringify({ id, ...what })}\n`);
    });
    if (answer.failed !== undefined) throw new LabError(`the peer on ${node}: ${answer.failed}`);
    return answer;
  };
  const open = async (target: Target): Promise<PeerFlow> => {
    const flow = `flow ${++last}`;
    await request({ do: 'open', flow, ...target });
    return {
      say: ({ timeout = 1000, size = 2 } = {}) => request({ do: 'say', flow, timeout, size }),
      close: async () => {
        await request({ do: 'close', flow });
      },
    };
  };
  return {
    open,
    async listen(protocol, port, address = '::') {
      await request({ do: 'listen', protocol, port, address });
    },
    async ask({ timeout = 1000, size = 2, ...target }) {
      const flow = await open(target);
      const answer = await flow.say({ timeout, size });
      await flow.close();
      return answer;
    },
    transfer: (target, port, { up, down }) => request({ do: 'transfer', target, port, up, down }),
  };
}
