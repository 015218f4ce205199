import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { decodeMessage } from '../../../src/backend/dhcpv6/decode-message.ts';
import { encodeMessage } from '../../../src/backend/dhcpv6/encode-message.ts';
import type { AssociatedPrefix, Message } from '../../../src/backend/dhcpv6/message.ts';
import { duidFromBytes } from '../../../src/core/duid.ts';
import { parseAddressWithLength } from '../../../src/core/prefix.ts';
import { badAnswers } from '../../dhcpv6/server/bad-answers.ts';
import type { ServerWord } from './server-word.ts';

// A DHCPv6 server whose word is what stands in a file at that moment, whichever interface it hears from.

const [, , file = '', link = ''] = process.argv;
const serverId = duidFromBytes(Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 0xfe));
const socket = createSocket({ type: 'udp6', reuseAddr: true });
const evil = ['::/0', '::/64', 'fd12:3456:789a::/58', 'fe80::/58', 'ff0e::/58', '2001:db8::/19', '2001:db8:9::/65'];

function option(text: string, valid: number): AssociatedPrefix {
  const read = parseAddressWithLength(text);
  if (!read.ok) throw new Error(read.problem.message);
  return {
    preferredLifetime: valid === 0xffff_ffff ? valid : Math.floor(valid / 2),
    validLifetime: valid,
    ...read.value,
  };
}

function answer(heard: Message, { named, dead, valid }: ServerWord): Message {
  const rapid = heard.type === 'solicit' && heard.rapidCommit === true;
  return {
    type: heard.type === 'solicit' && !rapid ? 'advertise' : 'reply',
    transactionId: heard.transactionId,
    clientId: heard.clientId!,
    serverId,
    ...(rapid && { rapidCommit: true as const }),
    associations: heard.associations.map(({ iaid }) => ({
      iaid,
      t1: 900,
      t2: 1440,
      prefixes: named.map((prefix) => option(prefix, dead.includes(prefix) ? 0 : valid)),
    })),
  };
}

/** Datagrams in the place of the good one. */
function answers(heard: Message, word: ServerWord): Uint8Array[] {
  const good = answer(heard, word);
  const [association] = good.associations;
  const saying = (prefixes: readonly AssociatedPrefix[], times = {}): Uint8Array =>
    encodeMessage({ ...good, associations: association ? [{ ...association, ...times, prefixes }] : [] });
  const whole = encodeMessage(good);
  const named = word.named.map((prefix) => option(prefix, 3600));
  switch (word.how) {
    case 'honest':
    case 'late':
      return [whole];
    case 'silent':
      return [];
    case 'torn':
      return Array.from({ length: whole.length - 1 }, (_, length) => whole.slice(0, length));
    case 'strangers':
      return badAnswers(good, option('2001:db8:666::/48', 3600));
    case 'times':
      return [saying(named, { t1: 100, t2: 99 }), saying(named.map((each) => ({ ...each, preferredLifetime: 9999 })))];
    case 'zero':
      return [
        saying(
          named.map((each) => ({ ...each, preferredLifetime: 0, validLifetime: 0 })),
          { t1: 0, t2: 0 },
        ),
      ];
    case 'infinite':
      return [saying(named.map((each) => ({ ...each, preferredLifetime: 0xffff_ffff, validLifetime: 0xffff_ffff })))];
    case 'thousand':
      return [
        saying(Array.from({ length: 1000 }, (_, index) => option(`2001:db8:${index.toString(16)}:ff00::/64`, 3600))),
      ];
    case 'other prefixes':
      return [saying(evil.map((text) => option(text, 3600)))];
    case 'no prefix':
      return [
        encodeMessage({
          ...good,
          associations: association
            ? [{ ...association, prefixes: [], status: { code: 6, text: '\u001B[31mnone' } }]
            : [],
        }),
      ];
    case 'twice':
      return [whole, whole, saying(named.toReversed()), whole];
    case 'reconfigure':
      return Array.from({ length: 300 }, (_, index) =>
        encodeMessage({
          type: 'reconfigure',
          transactionId: index % 2,
          clientId: heard.clientId!,
          serverId,
          asksFor: index % 3 === 0 ? 6 : 5,
          associations: [],
          authentication: {
            protocol: 3,
            algorithm: 1,
            method: 0,
            replay: BigInt(Date.now() + index),
            information: Uint8Array.of(2, ...randomBytes(16)),
          },
        }),
      );
  }
}

socket.on('error', () => {});
socket.on('message', (bytes, { address, port }) => {
  const read = decodeMessage(bytes);
  if (!read.ok || read.value.clientId === undefined) return;
  const word = JSON.parse(readFileSync(file, 'utf8')) as ServerWord;
  const send = (): void => {
    for (const each of answers(read.value, word)) socket.send(each, port, address, () => {});
  };
  if (word.how === 'late') setTimeout(send, 1500);
  else send();
});
socket.bind(547, '::', () => {
  const join = (): void => {
    try {
      socket.addMembership('ff02::1:2', `::%${link}`);
    } catch {
      // There already, or the interface is not.
    }
  };
  join();
  setInterval(join, 50);
  process.stdout.write('ready\n');
});
