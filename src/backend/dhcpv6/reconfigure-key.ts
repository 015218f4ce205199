import { readUint } from '../../core/bytes.ts';
import type { ReconfigureKey } from './client-state.ts';
import { hmacMd5 } from './md5.ts';
import type { Authentication, Message } from './message.ts';
import { parseOptions } from './parse-options.ts';
import { optionCodes } from './protocol-numbers.ts';

/** The Reconfigure Key Authentication Protocol (RFC 9915 section 20.4): what its information begins with. */
const isKey = 1;
const isDigest = 2;
const length = 16;
/** Where the digest begins in the data of an authentication option: after protocol to replay detection, and its kind. */
const digestAt = 12;

function informationOf(authentication: Authentication | undefined, kind: number): Uint8Array | undefined {
  if (!authentication) return undefined;
  const { protocol, algorithm, method, information } = authentication;
  if (protocol !== 3 || algorithm !== 1 || method !== 0) return undefined;
  return information.length === 1 + length && information[0] === kind ? information.slice(1) : undefined;
}

/**
 * The key that a Reply brings for later Reconfigure messages of its server. The number beside it may come again in the
 * first of them: Dibbler 1.0.1 writes 0 into both.
 */
export function readReconfigureKey({ authentication, serverId }: Message): ReconfigureKey | undefined {
  const key = informationOf(authentication, isKey);
  return key && serverId !== undefined ? { server: serverId, key, leastReplay: authentication!.replay } : undefined;
}

/**
 * Why a Reconfigure message is not its server's ("it ..."); undefined where it is. `bytes` is the whole datagram: the
 * digest is over all of it with zeros in its own place.
 */
export function faultOfReconfigure(
  bytes: Uint8Array,
  message: Message,
  known: ReconfigureKey | undefined,
): string | undefined {
  if (!known) return 'there is no key of its server';
  if (message.serverId !== known.server) return 'it is from a server that gave no key';
  const digest = informationOf(message.authentication, isDigest);
  if (!digest) return 'it is not authenticated';
  if (message.authentication!.replay < known.leastReplay) return 'it is a replay';
  const option = parseOptions(bytes, 4)!.find(({ code }) => code === optionCodes.authentication)!;
  // A copy in any case: the slice of a Buffer is none.
  const blank = Uint8Array.from(bytes).fill(0, option.at + digestAt, option.at + digestAt + length);
  const expected = hmacMd5(known.key, blank);
  const difference = expected.reduce((sum, byte, index) => sum | (byte ^ readUint(digest, index, 1)), 0);
  return difference === 0 ? undefined : 'its digest is wrong';
}
