import { ipv6FromBigInt } from '../../core/ipv6.ts';
import { prefixOf, type Prefix } from '../../core/prefix.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import { readBigUint, readUint } from '../../core/bytes.ts';
import { duidFromBytes, isDuidLength, type Duid } from '../../core/duid.ts';
import type { AssociatedPrefix, Association, Authentication, Message, Status } from './message.ts';
import { parseOptions, type RawOption } from './parse-options.ts';
import { messageTypes, optionCodes, type MessageType } from './protocol-numbers.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** More than a client asks for; what is beyond is not looked at. */
const associationLimit = 64;
const prefixesPerAssociation = 64;
const statusLength = 200;

const typeNames = new Map<number, MessageType>(
  Object.entries(messageTypes).map(([name, number]) => [number, name as MessageType]),
);

/**
 * Reads a datagram (RFC 9915 sections 8 and 21). Whatever the bytes are, the answer is a message or why they are none:
 * an option that goes over its end, is too short for what it is, or stands twice where it may stand once, spoils all of
 * it (section 16). Options that prefix delegation does not need are passed over.
 */
export function decodeMessage(bytes: Uint8Array): Result<Message> {
  if (bytes.length < 4) return malformed(`it has ${bytes.length} bytes`);
  const type = typeNames.get(bytes[0]!);
  if (!type) return malformed(`its type is ${bytes[0]}`);
  const options = parseOptions(bytes, 4);
  if (!options) return malformed('an option goes over its end');
  const associations: Association[] = [];
  const message: Mutable<Message> = { type, transactionId: readUint(bytes, 1, 3), associations };
  const seen = new Set<number>();
  for (const option of options) {
    const name = nameOf(option.code);
    if (!name) continue;
    if (name === 'iaPd') {
      const read = readAssociation(option.data);
      if (!read) return malformed('its IA_PD is malformed');
      if (associations.length < associationLimit) associations.push(read);
      continue;
    }
    if (seen.has(option.code)) return malformed(`its option ${option.code} stands twice`);
    seen.add(option.code);
    if (!readOption(name, option, message)) return malformed(`its option ${option.code} is malformed`);
  }
  return succeed(message);
}

type Singular = Exclude<keyof typeof optionCodes, 'iaPrefix' | 'pdExclude'>;

const singular = new Map<number, Singular>(
  Object.entries(optionCodes)
    .filter(([name]) => name !== 'iaPrefix' && name !== 'pdExclude')
    .map(([name, code]) => [code, name as Singular]),
);

function nameOf(code: number): Singular | undefined {
  return singular.get(code);
}

/** Puts one option into the message; false where its data can't be what it is. */
function readOption(name: Exclude<Singular, 'iaPd'>, { data }: RawOption, message: Mutable<Message>): boolean {
  const take = <K extends keyof Message>(key: K, value: Message[K] | undefined): boolean => {
    if (value === undefined) return false;
    Object.assign(message, { [key]: value });
    return true;
  };
  const number = (length: 1 | 2 | 4): number | undefined =>
    data.length === length ? readUint(data, 0, length) : undefined;
  switch (name) {
    case 'clientId':
      return take('clientId', readDuid(data));
    case 'serverId':
      return take('serverId', readDuid(data));
    case 'preference':
      return take('preference', number(1));
    case 'elapsedTime':
      return take('elapsed', number(2));
    case 'statusCode':
      return take('status', readStatus(data));
    case 'rapidCommit':
      return take('rapidCommit', data.length === 0 || undefined);
    case 'reconfigureAccept':
      return take('reconfigureAccept', data.length === 0 || undefined);
    case 'reconfigureMessage':
      return take('asksFor', number(1));
    case 'authentication':
      return take('authentication', readAuthentication(data));
    case 'solMaxRt':
      return take('solMaxRt', number(4));
    case 'optionRequest':
      return take('requested', readCodes(data));
  }
}

function readDuid(data: Uint8Array): Duid | undefined {
  return isDuidLength(data.length) ? duidFromBytes(data) : undefined;
}

function readCodes(data: Uint8Array): number[] | undefined {
  if (data.length % 2 !== 0) return undefined;
  return Array.from({ length: data.length / 2 }, (_, index) => readUint(data, index * 2, 2));
}

function readStatus(data: Uint8Array): Status | undefined {
  if (data.length < 2) return undefined;
  // It goes into logs: no line ends, no terminal sequences.
  const text = Array.from(data.subarray(2, 2 + statusLength), (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '?',
  ).join('');
  return { code: readUint(data, 0, 2), text };
}

function readAuthentication(data: Uint8Array): Authentication | undefined {
  if (data.length < 11) return undefined;
  return {
    protocol: data[0]!,
    algorithm: data[1]!,
    method: data[2]!,
    replay: readBigUint(data.subarray(3, 11)),
    information: Uint8Array.from(data.subarray(11)),
  };
}

function readAssociation(data: Uint8Array): Association | undefined {
  const options = data.length < 12 ? undefined : parseOptions(data, 12);
  if (!options) return undefined;
  const prefixes: AssociatedPrefix[] = [];
  let status: Status | undefined;
  for (const option of options) {
    if (option.code === optionCodes.iaPrefix) {
      const prefix = readPrefix(option.data);
      if (!prefix) return undefined;
      if (prefixes.length < prefixesPerAssociation) prefixes.push(prefix);
    } else if (option.code === optionCodes.statusCode && !status) {
      status = readStatus(option.data);
      if (!status) return undefined;
    }
  }
  const [iaid, t1, t2] = [readUint(data, 0, 4), readUint(data, 4, 4), readUint(data, 8, 4)];
  return { iaid, t1, t2, prefixes, ...(status && { status }) };
}

function readPrefix(data: Uint8Array): AssociatedPrefix | undefined {
  const options = data.length < 25 ? undefined : parseOptions(data, 25);
  if (!options) return undefined;
  const length = data[8]!;
  const address = ipv6FromBigInt(readBigUint(data.subarray(9, 25)));
  const exclude = options.find(({ code }) => code === optionCodes.pdExclude);
  return {
    preferredLifetime: readUint(data, 0, 4),
    validLifetime: readUint(data, 4, 4),
    length,
    address,
    ...(exclude && { excluded: readExcluded(exclude.data, address, length) }),
  };
}

/**
 * RFC 6603 section 4.2: the length of the excluded prefix, then the bits between the delegated length and that one, at
 * the left of as many bytes as they need.
 */
function readExcluded(data: Uint8Array, address: Prefix['address'], delegated: number): Prefix | 'malformed' {
  const length = data[0] ?? 0;
  const bits = length - delegated;
  if (delegated > 128 || length > 128 || bits < 1 || data.length !== 1 + Math.ceil(bits / 8)) return 'malformed';
  const subnetId = readBigUint(data.subarray(1)) >> BigInt((data.length - 1) * 8 - bits);
  const base = prefixOf(address, delegated).address;
  return prefixOf(ipv6FromBigInt(base | (subnetId << BigInt(128 - length))), length);
}

function malformed(why: string): Result<never> {
  return fail({ code: 'report-refused', message: `a DHCPv6 message is refused: ${why}` });
}
