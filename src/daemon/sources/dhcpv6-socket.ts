import { listDhcpClients, parseSockets } from '../../backend/ss/parse-sockets.ts';
import type { Problem } from '../../core/problem.ts';
import { mendOtherClient } from '../../engine/other-client.ts';
import type { Host } from '../../host/host.ts';
import type { LinkIdentity } from '../../host/link-local.ts';
import type { openUdpSocket, UdpSocket } from '../../host/udp-socket.ts';
import { runTool } from '../run-tool.ts';

/** What the client needs of the machine's network. */
export interface LinkAccess {
  readLinkIdentity(name: string): LinkIdentity | undefined;
  readonly openUdpSocket: typeof openUdpSocket;
}

export interface Dhcpv6SocketOptions {
  readonly host: Host;
  readonly access: LinkAccess;
  readonly interface: string;
  onDatagram(bytes: Uint8Array): void;
  onOpen(identity: LinkIdentity): void;
  /** It can't be used any longer; it is opened again as soon as that works. */
  onLost(why: string): void;
  onProblem(problem: Problem | undefined): void;
}

export interface Dhcpv6Socket {
  send(bytes: Uint8Array): void;
  /** Something about the interface changed. */
  look(): void;
  close(): Promise<void>;
}

/** RFC 9915 sections 7.1 and 7.2. */
const clientPort = 546;
const serverPort = 547;
const allServers = 'ff02::1:2';

/** The kernel's monitor says when it is worth another try; this is for what it does not say, as a port that gets free. */
const firstRetry = 100;
const longestRetry = 5000;

/**
 * The client's socket, on the link-local address of its interface: it comes when that address may be used (RFC 4862
 * section 5.4) and goes with it. What is sent to a group or to another address of ours does not get in by it, so a
 * Reconfigure message is a unicast one (RFC 9915 section 16.11).
 */
export function openDhcpv6Socket(options: Dhcpv6SocketOptions): Dhcpv6Socket {
  const { host, access, interface: name } = options;
  let bound: { readonly address: string; readonly socket: UdpSocket } | undefined;
  let looking = Promise.resolve();
  let busy = false;
  let again = false;
  let closed = false;
  let retry = firstRetry;
  let cancel = (): void => {};

  async function tryAll(): Promise<void> {
    const identity = access.readLinkIdentity(name);
    if (bound && !identity?.linkLocals.includes(bound.address)) lose('its address is gone');
    if (bound) return;
    for (const address of identity?.linkLocals ?? []) {
      const opening = await access.openUdpSocket(`${address}%${name}`, clientPort, {
        onDatagram: (bytes) => options.onDatagram(bytes),
        onEnd: (why) => lose(why),
      });
      if (opening.is === 'taken') options.onProblem(await describeTaken(host, name));
      else if (opening.is === 'refused') options.onProblem(describeRefused(name, opening.why));
      if (opening.is !== 'open') continue;
      if (closed) return opening.socket.close();
      bound = { address, socket: opening.socket };
      retry = firstRetry;
      options.onProblem(undefined);
      return options.onOpen(identity!);
    }
    if (closed) return;
    cancel = host.clock.after(retry, look);
    retry = Math.min(retry * 2, longestRetry);
  }

  function lose(why: string): void {
    if (!bound) return;
    bound.socket.close();
    bound = undefined;
    options.onLost(why);
    look();
  }

  function look(): void {
    if (closed) return;
    cancel();
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    looking = tryAll().finally(() => {
      busy = false;
      if (!again) return;
      again = false;
      look();
    });
  }

  function wake(): void {
    retry = firstRetry;
    look();
  }

  look();
  return {
    send: (bytes) => bound?.socket.send(bytes, serverPort, `${allServers}%${name}`),
    look: wake,
    async close() {
      closed = true;
      cancel();
      bound?.socket.close();
      bound = undefined;
      await looking;
    },
  };
}

async function describeTaken(host: Host, name: string): Promise<Problem> {
  const output = await runTool(host.processes, { argv: listDhcpClients });
  const sockets = output.ok ? parseSockets(output.value.stdout) : [];
  const others = sockets
    .filter((socket) => socket.interface === undefined || socket.interface === name)
    .flatMap(({ processes }) => processes);
  const named = others.map((process) => `${process.name} (process ${process.pid})`);
  const who = named.length > 0 ? [...new Set(named)].join(', ') : 'another program';
  return {
    code: 'port-taken',
    message: `${who} has UDP port ${clientPort} on ${name}, so the DHCPv6 client gets no answers`,
    mend: mendOtherClient(others[0]?.name ?? '', name),
  };
}

function describeRefused(name: string, why: string): Problem {
  const permitted = why !== 'EACCES' && why !== 'EPERM';
  return {
    code: permitted ? 'port-taken' : 'not-permitted',
    message: `UDP port ${clientPort} on ${name} can't be opened: ${why}`,
    mend: 'Run sixgate as root, or with CAP_NET_BIND_SERVICE.',
  };
}
