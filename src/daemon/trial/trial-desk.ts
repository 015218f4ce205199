import type { Socket } from 'node:net';
import type { ConfigSource } from '../../config/read-yaml.ts';
import type { Problem } from '../../core/problem.ts';
import type { Clock } from '../../host/host.ts';
import { streamMessages, type MessageStream } from '../../host/message-stream.ts';
import { parseDaemonRequest, type DaemonAnswer, type DaemonRequest } from './trial-messages.ts';

/** What a daemon does for a trial. */
export interface TrialPowers {
  /** The path of its configuration and the texts that are in force. */
  where(): { readonly config: string; readonly sources: readonly ConfigSource[] };
  /** Puts another configuration in force; where that fails, it has gone back already. */
  take(sources: readonly ConfigSource[]): Promise<Problem | undefined>;
  keep(): Promise<void>;
  /** Goes back to what was in force before `take`. */
  goBack(why: string): Promise<void>;
  /** What was tried is no longer of interest; something else is put in force. */
  forget(): Promise<void>;
  /** What is in force is only tried. */
  isOn(): boolean;
}

export interface TrialDesk {
  /** Serves one who connected to the daemon's socket. */
  serve(client: Socket): void;
  /** Puts something else in force, after what is under way; a trial that is on is over. */
  interrupt(work: () => Promise<void>): Promise<void>;
}

/**
 * One trial at a time, for as long as the one who asked for it stays connected: whatever ends that connection, be it a kill, ends
 * the trial too. Requests of all clients are answered one after the other.
 */
export function createTrialDesk(clock: Clock, powers: TrialPowers): TrialDesk {
  let owner: MessageStream | undefined;
  let cancelTimer = (): void => {};
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): void => void (queue = queue.then(work));

  async function end(why: string): Promise<void> {
    owner = undefined;
    cancelTimer();
    await powers.goBack(why);
  }

  async function answer(stream: MessageStream, request: DaemonRequest): Promise<DaemonAnswer> {
    if (request.ask === 'where') return { is: 'here', ...powers.where() };
    if (request.ask === 'try') {
      if (owner) return { is: 'refused', problem: busy };
      owner = stream;
      const problem = await powers.take(request.sources);
      if (problem) {
        owner = undefined;
        return { is: 'refused', problem };
      }
      cancelTimer = clock.after(request.within, () =>
        inTurn(async () => {
          if (owner === stream) await end('its time is over');
        }),
      );
      return { is: 'tried' };
    }
    if (owner !== stream) return { is: 'refused', problem: none };
    if (request.ask === 'back') {
      await end('it was not confirmed');
      return { is: 'gone-back' };
    }
    owner = undefined;
    cancelTimer();
    await powers.keep();
    return { is: 'kept' };
  }

  return {
    serve(client) {
      client.unref();
      const stream = streamMessages(client, {
        onMessage(message) {
          const request = parseDaemonRequest(message);
          if (!request) return stream.close();
          inTurn(async () => {
            stream.send(await answer(stream, request));
          });
        },
        onEnd: () =>
          inTurn(async () => {
            if (owner === stream) await end('the one who asked for it is gone');
          }),
      });
    },
    async interrupt(work) {
      inTurn(async () => {
        if (owner) await powers.forget();
        owner = undefined;
        cancelTimer();
        await work();
      });
      await queue;
    },
  };
}

const busy: Problem = {
  code: 'try-running',
  message: 'a configuration is being tried already',
  mend: 'Confirm it (sixgate try --confirm), or take it back (sixgate try --cancel).',
};
const none: Problem = { code: 'try-missing', message: 'no configuration is being tried' };
