import { randomBytes } from 'node:crypto';
import { duidFromBytes } from '../../../src/core/duid.ts';
import { encodeMessage } from '../../../src/backend/dhcpv6/encode-message.ts';
import type { AssociatedPrefix, Message } from '../../../src/backend/dhcpv6/message.ts';

const stranger = duidFromBytes(Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 0x66));
const flood = 2000;

/** Answers that a client must pass over; `good` is the one that it is to take, `evil` the prefix in the bad ones. */
export function badAnswers(good: Message, evil: AssociatedPrefix): Uint8Array[] {
  const whole = encodeMessage(good);
  const [association] = good.associations;
  const saying = (change: Partial<AssociatedPrefix>, times = {}): Message => ({
    ...good,
    associations: [{ ...association!, ...times, prefixes: [{ ...evil, ...change }] }],
  });
  const bad: Message[] = [
    { ...saying({}), transactionId: (good.transactionId + 1) & 0xff_ffff },
    { ...saying({}), clientId: stranger },
    { ...saying({}), type: 'reconfigure', asksFor: 5 },
    { ...saying({}), type: 'request' },
    saying({ preferredLifetime: 10, validLifetime: 5 }),
    saying({ preferredLifetime: 0, validLifetime: 0 }),
    saying({ length: 200 }),
    saying({ length: 0 }),
    saying({ address: good.associations[0]!.prefixes[0]!.address, length: 127 }),
    saying({}, { t1: 100, t2: 99 }),
    saying({}, { iaid: 0xdeadbeef }),
    { ...good, associations: [], status: { code: 1, text: '\u001B[31mgive up' } },
    { ...good, associations: [{ ...association!, prefixes: [], status: { code: 6, text: 'none' } }] },
    { ...good, associations: [] },
  ];
  const { clientId: _, ...nobodys } = saying({});
  const { serverId: __, ...ofNobody } = saying({});
  return [
    ...bad.map(encodeMessage),
    encodeMessage(nobodys),
    encodeMessage(ofNobody),
    // Torn anywhere, with and without rubbish behind.
    ...Array.from({ length: whole.length - 1 }, (_unused, length) => whole.slice(0, length)),
    ...Array.from({ length: 200 }, () => randomBytes(Math.floor(Math.random() * 300))),
    ...Array.from({ length: 200 }, () => Buffer.concat([whole.slice(0, 4), randomBytes(40)])),
    Buffer.concat([whole, whole.slice(4)]),
    Buffer.concat([whole, randomBytes(1200).fill(0xff)]),
    ...Array.from({ length: flood }, () => encodeMessage({ ...saying({}), clientId: stranger })),
  ];
}
