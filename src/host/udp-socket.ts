import { createSocket } from 'node:dgram';

export interface UdpEvents {
  onDatagram(bytes: Uint8Array): void;
  /** Called once, not after `close`: it can't be used any more. */
  onEnd(why: string): void;
}

export interface UdpSocket {
  /** A datagram that can't be sent ends the socket. `address` with its zone. */
  send(bytes: Uint8Array, port: number, address: string): void;
  close(): void;
}

export type UdpOpening =
  | { readonly is: 'open'; readonly socket: UdpSocket }
  /** Another process has the port on this address, or on all. */
  | { readonly is: 'taken' }
  /** The address is not there, or not before duplicate address detection is through with it. */
  | { readonly is: 'not-ready' }
  | { readonly is: 'refused'; readonly why: string };

/** Listens on one IPv6 address (with its zone, as in `fe80::1%eth0`) and port, alone: without SO_REUSEADDR. */
export function openUdpSocket(address: string, port: number, events: UdpEvents): Promise<UdpOpening> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: 'udp6', ipv6Only: true });
    let open = false;
    let over = false;
    const end = (why: string): void => {
      if (over) return;
      over = true;
      socket.close();
      events.onEnd(why);
    };
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (open) return end(error.code ?? error.message);
      over = true;
      socket.close();
      resolve(openingOf(error));
    });
    socket.on('message', (bytes) => {
      if (!over) events.onDatagram(new Uint8Array(bytes)); // not a Buffer, whose slices are views
    });
    socket.bind({ address, port }, () => {
      open = true;
      const send: UdpSocket['send'] = (bytes, to, host) => {
        if (!over)
          socket.send(bytes, to, host, (error) => error && end((error as NodeJS.ErrnoException).code ?? error.message));
      };
      const close = (): void => {
        if (over) return;
        over = true;
        socket.close();
      };
      resolve({ is: 'open', socket: { send, close } });
    });
  });
}

function openingOf({ code, message }: NodeJS.ErrnoException): UdpOpening {
  if (code === 'EADDRINUSE') return { is: 'taken' };
  // ENODEV and EINVAL: the zone is an interface that is gone.
  if (code === 'EADDRNOTAVAIL' || code === 'ENODEV' || code === 'EINVAL' || code === 'ENOTFOUND')
    return { is: 'not-ready' };
  return { is: 'refused', why: code ?? message };
}
