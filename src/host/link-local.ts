import { networkInterfaces } from 'node:os';
import { parseMac } from '../core/mac-address.ts';

/** What an interface is on its own link. */
export interface LinkIdentity {
  /** Its link-local addresses (RFC 4291 section 2.5.6) without a zone, those still being tested for uniqueness too. */
  readonly linkLocals: readonly string[];
  /** Undefined where the link has no addresses, as a PPP line. */
  readonly mac?: bigint;
}

/** Undefined where there is no such interface, or it is down, or has no address at all. */
export function readLinkIdentity(name: string): LinkIdentity | undefined {
  const addresses = networkInterfaces()[name];
  if (!addresses) return undefined;
  const linkLocals = addresses
    .filter(({ family, address }) => family === 'IPv6' && /^fe[89ab]/.test(address))
    .map(({ address }) => address);
  const mac = parseMac(addresses[0]?.mac ?? '');
  return { linkLocals, ...(mac.ok && { mac: mac.value }) };
}
