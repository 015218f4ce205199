import { createHmac, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { decodeMessage } from '../../../src/backend/dhcpv6/decode-message.ts';
import { encodeMessage } from '../../../src/backend/dhcpv6/encode-message.ts';
import type { AssociatedPrefix, Authentication, Message } from '../../../src/backend/dhcpv6/message.ts';
import { bytesOf, joinBytes, parseHex } from '../../../src/core/bytes.ts';
import { duidFromBytes } from '../../../src/core/duid.ts';
import { parseAddressWithLength } from '../../../src/core/prefix.ts';
import { badAnswers } from './bad-answers.ts';
import type { ServerJob } from './job.ts';

// A DHCPv6 server that can do what Kea cannot: Reconfigure messages with authentication, and everything wrong. Prints the
// type of each message that it hears. SIGHUP: a good Reconfigure to the last client; SIGUSR1: every kind of bad one.

const job = JSON.parse(process.argv[2] ?? '') as ServerJob;
const serverId = duidFromBytes(Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 0xfe));
const key = job.key === undefined ? undefined : parseHex(job.key);
const socket = createSocket({ type: 'udp6', reuseAddr: true });
let client: { readonly address: string; readonly duid: NonNullable<Message['clientId']> } | undefined;
let replay = BigInt(Date.now());

socket.on('message', (bytes, { address }) => {
  const read = decodeMessage(bytes);
  if (!read.ok || read.value.clientId === undefined) return;
  const heard = read.value;
  process.stdout.write(`${heard.type}\n`);
  client = { address, duid: heard.clientId! };
  const answer = answerTo(heard);
  const evil = prefixOption('2001:db8:666::/48');
  const all = job.hostile ? [...badAnswers(answer, evil), encodeMessage(answer)] : [encodeMessage(answer)];
  sendAll(all, address);
});

/** With a breath now and then, so that the client's socket has room. */
function sendAll(messages: readonly Uint8Array[], address: string): void {
  for (const message of messages.slice(0, 100)) socket.send(message, 546, address);
  if (messages.length > 100) setTimeout(() => sendAll(messages.slice(100), address), 5);
}

function answerTo(heard: Message): Message {
  const rapid = heard.type === 'solicit' && heard.rapidCommit === true;
  return {
    type: heard.type === 'solicit' && !rapid ? 'advertise' : 'reply',
    transactionId: heard.transactionId,
    clientId: heard.clientId!,
    serverId,
    ...(rapid && { rapidCommit: true as const }),
    ...(key && { authentication: authentication(joinBytes([Uint8Array.of(1), key])) }),
    associations: heard.associations.map(({ iaid, prefixes }) => ({
      iaid,
      t1: 900,
      t2: 1440,
      prefixes: [
        prefixOption(job.prefix),
        // What it was and is no longer.
        ...prefixes.filter(isOld).map((old) => ({ ...old, preferredLifetime: 0, validLifetime: 0 })),
      ],
    })),
  };
}

function isOld({ address, validLifetime }: AssociatedPrefix): boolean {
  return validLifetime === 0 && address !== 0n && address !== prefixOption(job.prefix).address;
}

function prefixOption(text: string): AssociatedPrefix {
  const read = parseAddressWithLength(text);
  if (!read.ok) throw new Error(read.problem.message);
  return { preferredLifetime: Math.floor(job.valid / 2), validLifetime: job.valid, ...read.value };
}

function authentication(information: Uint8Array): Authentication {
  return { protocol: 3, algorithm: 1, method: 0, replay: ++replay, information };
}

/** The digest stands at the end, so that it can be put in afterwards. */
function reconfigure(withKey: Uint8Array, details: Partial<Message> = {}): Uint8Array {
  const blank = encodeMessage({
    type: 'reconfigure',
    transactionId: 0,
    clientId: client!.duid,
    serverId,
    asksFor: 5,
    associations: [],
    authentication: authentication(joinBytes([Uint8Array.of(2), new Uint8Array(16)])),
    ...details,
  });
  return joinBytes([blank.slice(0, -16), createHmac('md5', withKey).update(blank).digest()]);
}

process.on('SIGHUP', () => {
  if (client && key) socket.send(reconfigure(key), 546, client.address);
});

process.on('SIGUSR1', () => {
  if (!client || !key) return;
  const plain: Message = {
    type: 'reconfigure',
    transactionId: 0,
    clientId: client.duid,
    serverId,
    asksFor: 6,
    associations: [],
  };
  const good = reconfigure(key);
  sendAll(
    [
      encodeMessage(plain),
      encodeMessage({ ...plain, authentication: authentication(joinBytes([bytesOf(1, 1), key])) }),
      reconfigure(randomBytes(16)),
      reconfigure(key, { clientId: serverId }),
      reconfigure(key, { serverId: duidFromBytes(Uint8Array.of(0, 3, 0, 1, 6, 6, 6, 6, 6, 6)) }),
      reconfigure(key, {
        authentication: { ...authentication(joinBytes([Uint8Array.of(2), new Uint8Array(16)])), replay: 1n },
      }),
      good.slice(0, -1),
      joinBytes([good, Uint8Array.of(0, 99, 0, 0)]),
    ],
    client.address,
  );
});

process.on('SIGTERM', () => process.exit(0));

socket.bind(547, '::', () => {
  socket.addMembership('ff02::1:2', `::%${job.link}`);
  process.stdout.write('ready\n');
});
