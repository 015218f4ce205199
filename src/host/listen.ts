import type { Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fail, succeed, type Result } from '../core/result.ts';

/** Where a server is to listen: an address (IPv6 with its zone behind `%`), or a descriptor that was handed down. */
export type Place = { readonly host: string; readonly port: number } | { readonly descriptor: number };

/** Listens; the address that it became, undefined for a Unix socket. */
export async function listen(server: Server, place: Place): Promise<Result<AddressInfo | undefined>> {
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve);
    // An IPv6 socket is for IPv6, so that `[::]` does not take the port of IPv4 too.
    server.listen('descriptor' in place ? { fd: place.descriptor } : { ...place, ipv6Only: true }, () =>
      resolve(undefined),
    );
  });
  if (error) return fail(problemOf(error, place));
  const address = server.address();
  return succeed(typeof address === 'string' || address === null ? undefined : address);
}

/** In the way a URL has it. */
export function formatPlace(place: Place): string {
  if ('descriptor' in place) return `descriptor ${place.descriptor}`;
  return `${place.host.includes(':') ? `[${place.host}]` : place.host}:${place.port}`;
}

function problemOf({ code, message }: NodeJS.ErrnoException, place: Place) {
  const where = formatPlace(place);
  switch (code) {
    case 'EADDRINUSE':
      return {
        code: 'listen-in-use',
        message: `another program listens on ${where} already`,
        mend: 'Stop it ("ss -ltnp" shows it), or listen elsewhere: --listen ADDRESS:PORT.',
      } as const;
    case 'EACCES':
      return {
        code: 'not-permitted',
        message: `not permitted to listen on ${where}`,
        mend: 'Take a port above 1023, or let systemd open this one.',
      } as const;
    default:
      return {
        code: 'listen-failed',
        message: `cannot listen on ${where}: ${message}`,
        mend: 'Name an address that this machine has ("ip address" shows them); link-local ones with their interface.',
      } as const;
  }
}
