import { prefixOf, type Prefix } from '../../core/prefix.ts';
import { bytesOf, joinBytes } from '../../core/bytes.ts';
import { bytesOfDuid } from '../../core/duid.ts';
import type { AssociatedPrefix, Association, Authentication, Message, Status } from './message.ts';
import { messageTypes, optionCodes } from './protocol-numbers.ts';

const nothing = new Uint8Array();

/** The datagram of a message; `decodeMessage` reads it back. */
export function encodeMessage(message: Message): Uint8Array {
  const { clientId, serverId, elapsed, requested, preference, asksFor, solMaxRt, status, authentication } = message;
  return joinBytes([
    bytesOf(messageTypes[message.type], 1),
    bytesOf(message.transactionId, 3),
    ...(clientId === undefined ? [] : [option('clientId', bytesOfDuid(clientId))]),
    ...(serverId === undefined ? [] : [option('serverId', bytesOfDuid(serverId))]),
    ...(elapsed === undefined ? [] : [option('elapsedTime', bytesOf(elapsed, 2))]),
    ...(requested ? [option('optionRequest', ...requested.map((code) => bytesOf(code, 2)))] : []),
    ...(preference === undefined ? [] : [option('preference', bytesOf(preference, 1))]),
    ...(message.rapidCommit ? [option('rapidCommit')] : []),
    ...(message.reconfigureAccept ? [option('reconfigureAccept')] : []),
    ...(asksFor === undefined ? [] : [option('reconfigureMessage', bytesOf(asksFor, 1))]),
    ...(solMaxRt === undefined ? [] : [option('solMaxRt', bytesOf(solMaxRt, 4))]),
    ...encodeStatus(status),
    ...message.associations.map(encodeAssociation),
    ...(authentication ? [encodeAuthentication(authentication)] : []),
  ]);
}

function option(name: keyof typeof optionCodes, ...parts: readonly Uint8Array[]): Uint8Array {
  const data = joinBytes(parts);
  return joinBytes([bytesOf(optionCodes[name], 2), bytesOf(data.length, 2), data]);
}

function encodeStatus(status: Status | undefined): Uint8Array[] {
  if (!status) return [];
  return [
    option(
      'statusCode',
      bytesOf(status.code, 2),
      Uint8Array.from(status.text, (char) => char.charCodeAt(0)),
    ),
  ];
}

function encodeAuthentication({ protocol, algorithm, method, replay, information }: Authentication): Uint8Array {
  return option('authentication', Uint8Array.of(protocol, algorithm, method), bytesOf(replay, 8), information);
}

function encodeAssociation({ iaid, t1, t2, prefixes, status }: Association): Uint8Array {
  const times = [bytesOf(iaid, 4), bytesOf(t1, 4), bytesOf(t2, 4)];
  return option('iaPd', ...times, ...prefixes.map(encodePrefix), ...encodeStatus(status));
}

function encodePrefix(prefix: AssociatedPrefix): Uint8Array {
  const { preferredLifetime, validLifetime, length, address, excluded } = prefix;
  const exclude =
    excluded && excluded !== 'malformed' ? option('pdExclude', encodeExcluded(excluded, length)) : nothing;
  const times = [bytesOf(preferredLifetime, 4), bytesOf(validLifetime, 4)];
  return option('iaPrefix', ...times, bytesOf(length, 1), bytesOf(address, 16), exclude);
}

/** RFC 6603 section 4.2; see `decodeMessage`. */
function encodeExcluded(excluded: Prefix, delegated: number): Uint8Array {
  const bits = excluded.length - delegated;
  const count = Math.ceil(bits / 8);
  const rest = excluded.address - prefixOf(excluded.address, delegated).address;
  const subnetId = (rest >> BigInt(128 - excluded.length)) << BigInt(count * 8 - bits);
  return joinBytes([bytesOf(excluded.length, 1), bytesOf(subnetId, count)]);
}
