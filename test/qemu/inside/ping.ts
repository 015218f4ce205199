import type { Runner } from './runner.ts';
import { waitUntil } from './wait-until.ts';

export interface PingOptions {
  /** Payload in bytes; 48 more are the packet. */
  readonly size?: number;
  readonly from?: string;
  /** Fragments neither here nor on the way. */
  readonly whole?: boolean;
  readonly count?: number;
  /** Seconds for the last answer. */
  readonly patience?: number;
}

/** How many of the requests were answered. */
export async function pings(
  host: Runner,
  to: string,
  options: PingOptions = {},
): Promise<{ answered: number; text: string }> {
  const { size, from, whole, count = 2, patience = 1 } = options;
  const { stdout, stderr } = await host.run([
    ...'ping -6 -n -i 0.2 -c'.split(' '),
    `${count}`,
    '-W',
    `${patience}`,
    ...(size === undefined ? [] : ['-s', `${size}`]),
    ...(from === undefined ? [] : ['-I', from]),
    ...(whole ? ['-M', 'do'] : []),
    to,
  ]);
  return { answered: stdout.split('\n').filter((line) => line.includes(' bytes from ')).length, text: stdout + stderr };
}

export async function expectAnswers(host: Runner, to: string, options: PingOptions = {}): Promise<void> {
  const { answered, text } = await pings(host, to, options);
  if (answered !== (options.count ?? 2)) throw new Error(`${host.name} to ${to}: ${answered} answers\n${text}`);
}

/** After a change the kernel of a neighbour may take some moments: it asks for an address that did not answer only now and then. */
export async function waitForAnswer(host: Runner, to: string): Promise<void> {
  await waitUntil(`${host.name} reaches ${to}`, 30_000, async () => {
    const { answered, text } = await pings(host, to, { count: 1 });
    return answered === 1 ? undefined : text;
  });
}

/** Answers come within milliseconds here, if any. */
export async function expectSilence(host: Runner, to: string, options: PingOptions = {}): Promise<void> {
  const { answered, text } = await pings(host, to, { patience: 0.5, ...options });
  if (answered !== 0) throw new Error(`${host.name} to ${to}: ${answered} answers, none expected\n${text}`);
  // Not the silence of a host that has no way to send.
  if (!text.includes(' 0 received')) throw new Error(`${host.name} to ${to}: not even sent\n${text}`);
}
