import { createFrameReader } from '../../backend/dhcpcd/frame-reader.ts';
import type { Problem } from '../../core/problem.ts';
import type { Host } from '../../host/host.ts';
import { openLocalStream } from '../../host/local-stream.ts';
import { watchPath } from '../watch-path.ts';

export interface ListenerOptions {
  readonly host: Host;
  /** Where dhcpcd keeps its sockets, normally /run/dhcpcd. */
  readonly directory: string;
  readonly interface: string;
  /** One event's environment, NUL-separated, one character a byte. */
  onEnvironment(text: string): void;
  onConnected(): void;
  /** That there is no connection, and undefined when there is one again. */
  onProblem(problem: Problem | undefined): void;
}

/** dhcpcd closes its socket and opens it again when it is restarted: no problem yet. */
const restartTime = 2000;
/** A socket is there a moment before dhcpcd listens on it. */
const attempts = [20, 50, 100, 200, 500, 1000];

/**
 * Listens on the control sockets of dhcpcd (`--listen`; root is not needed): the one of the manager and those of a
 * dhcpcd that was started for this interface alone. Waits for them with a watch on the directory. It asks nothing:
 * 9.4.1 answers one asking client in its life, and `--getinterfaces` over the unprivileged socket never (measured).
 */
export function startDhcpcdListener(options: ListenerOptions): { stop(): void } {
  const { host, directory } = options;
  // Names as 9.4.1 makes them for `dhcpcd`, `dhcpcd -6 eth0` and `dhcpcd eth0`; 10 keeps them.
  const groups = ['', `${options.interface}-6.`, `${options.interface}.`].map((start) => [
    `${directory}/${start}unpriv.sock`,
    `${directory}/${start}sock`,
  ]);
  const open = new Map<number, () => void>();
  const connected = new Set<number>();
  /** Groups in which something appeared while a connection was being tried. */
  const missed = new Set<number>();
  let stopped = false;
  let told = false;
  let cancelTelling = host.clock.after(restartTime, () => tell());

  function tell(): void {
    told = true;
    options.onProblem({
      code: 'client-missing',
      message: `no dhcpcd answers for ${options.interface} in ${directory}`,
      mend: 'Start dhcpcd; "sixgate generate uplink --for dhcpcd" writes its configuration.',
    });
  }

  function connectGroup(group: number, candidate: number, attempt: number): void {
    const path = groups[group]?.[candidate];
    if (stopped) return;
    if (path === undefined) {
      if (missed.delete(group)) connectGroup(group, 0, 0);
      return;
    }
    const reader = createFrameReader(wordBytes, littleEndian);
    const close = openLocalStream(path, '--listen\n\0', {
      onOpen() {
        connected.add(group);
        missed.delete(group);
        cancelTelling();
        if (told) options.onProblem(undefined);
        told = false;
        options.onConnected();
      },
      onBytes(bytes) {
        const frames = reader.push(bytes);
        for (const frame of frames ?? []) options.onEnvironment(Buffer.from(frame).toString('latin1'));
        if (frames) return;
        close();
        lost(group, 'it does not speak as dhcpcd does', candidate, attempts.length);
      },
      onEnd: (why) => lost(group, why, candidate, attempt),
    });
    open.set(group, close);
  }

  function lost(group: number, why: string, candidate: number, attempt: number): void {
    open.delete(group);
    if (stopped) return;
    if (connected.delete(group)) {
      if (connected.size === 0) cancelTelling = host.clock.after(restartTime, tell);
      scan();
    } else if (why === 'ECONNREFUSED' && attempts[attempt] !== undefined) {
      open.set(
        group,
        host.clock.after(attempts[attempt], () => connectGroup(group, candidate, attempt + 1)),
      );
    } else {
      connectGroup(group, candidate + 1, 0);
    }
  }

  function scan(): void {
    for (const group of groups.keys()) {
      // A socket can appear right after it was tried and while the next one is: then all are tried once more.
      if (open.has(group)) missed.add(group);
      else connectGroup(group, 0, 0);
    }
  }

  const watch = watchPath(host, directory, (name) => {
    if (name === '' || name.endsWith('sock')) scan();
  });
  scan();
  return {
    stop() {
      stopped = true;
      cancelTelling();
      watch.stop();
      for (const close of open.values()) close();
    },
  };
}

// dhcpcd writes a size_t; Node runs on the same machine, so the word has the width and the order of this one.
const wordBytes = ['arm', 'ia32', 'mips', 'mipsel', 'ppc', 's390'].includes(process.arch) ? 4 : 8;
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
