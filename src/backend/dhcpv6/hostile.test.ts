import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  association,
  clientDuid,
  Conversation,
  delegated,
  otherServer,
  serverDuid,
} from '../../testing/dhcpv6-conversation.ts';
import { joinBytes } from '../../core/bytes.ts';
import { wakeAt } from './client.ts';
import { encodeMessage } from './encode-message.ts';
import type { Message } from './message.ts';

const first = '2001:db8:a:aa80::/58';
const second = '2001:db8:b:bb80::/58';
const other = [association([delegated(second)])];

describe('messages that are not for us, or not from whom we asked', () => {
  test.each([
    ['another transaction', { transactionId: 0xfffffe }, false],
    ['another client', { clientId: otherServer }, true],
    ['another server than the one asked', { serverId: otherServer }, true],
  ])('%s', (_what, details, told) => {
    const conversation = new Conversation().bind().wait(900);
    conversation.answer('reply', { associations: other, ...details });
    expect(conversation.leases).toEqual([first]);
    expect(conversation.refused).toHaveLength(told ? 1 : 0);
    expect(conversation.reports).toHaveLength(1);
  });

  test('without client or server identifier', () => {
    for (const missing of ['clientId', 'serverId'] as const) {
      const conversation = new Conversation().start();
      const whole: Message = {
        type: 'reply',
        transactionId: conversation.last.transactionId,
        clientId: clientDuid,
        serverId: serverDuid,
        rapidCommit: true,
        associations: other,
      };
      const { [missing]: _, ...message } = whole;
      conversation.hearBytes(encodeMessage(message));
      expect([conversation.leases, conversation.refused.length]).toEqual([[], 1]);
    }
  });

  test('the same Reply twice counts once', () => {
    const conversation = new Conversation().bind();
    const again = { type: 'reply', transactionId: conversation.last.transactionId, rapidCommit: true } as const;
    conversation.hear({ ...again, associations: other });
    expect(conversation.leases).toEqual([first]);
  });

  test.each(['solicit', 'request', 'renew', 'rebind', 'release'] as const)('a %s is nothing to a client', (type) => {
    const conversation = new Conversation().start();
    conversation.hear({ type, transactionId: conversation.last.transactionId, rapidCommit: true, associations: other });
    expect(conversation.leases).toEqual([]);
  });
});

describe('Reconfigure (RFC 9915 sections 18.2.11, 20.4)', () => {
  const key = Uint8Array.from({ length: 16 }, (_, index) => index * 7);
  const keyed = (replay = 5n) => ({
    protocol: 3,
    algorithm: 1,
    method: 0,
    replay,
    information: joinBytes([Uint8Array.of(1), key]),
  });
  const bound = (): Conversation =>
    new Conversation()
      .start()
      .answer('reply', {
        rapidCommit: true,
        associations: [association([delegated(first)])],
        authentication: keyed(),
      })
      .wait(100);

  /** As a server writes it: the digest is the last thing in the message. */
  function reconfigure(details: Partial<Message> = {}, withKey = key, replay = 6n): Uint8Array {
    const blank = encodeMessage({
      type: 'reconfigure',
      transactionId: 0,
      clientId: clientDuid,
      serverId: serverDuid,
      asksFor: 5,
      associations: [],
      authentication: { ...keyed(replay), information: joinBytes([Uint8Array.of(2), new Uint8Array(16)]) },
      ...details,
    });
    const digest = createHmac('md5', withKey).update(blank).digest();
    return details.authentication ? blank : joinBytes([blank.subarray(0, -16), digest]);
  }

  test('with the key of its server it makes the client renew, or rebind', () => {
    expect(bound().hearBytes(reconfigure()).last).toMatchObject({ type: 'renew', serverId: serverDuid });
    expect(bound().hearBytes(reconfigure({ asksFor: 6 })).last.type).toBe('rebind');
  });

  test('as a Buffer, whose slices are views, it is the same', () => {
    const conversation = bound();
    const bytes = Buffer.from(reconfigure());
    expect(conversation.hearBytes(bytes).last.type).toBe('renew');
    expect(Uint8Array.from(bytes)).toEqual(reconfigure());
  });

  test('the number that came with the key is not used up by it, a lower one is a replay', () => {
    expect(bound().hearBytes(reconfigure({}, key, 5n)).last.type).toBe('renew');
    expect(bound().hearBytes(reconfigure({}, key, 4n)).refused).toHaveLength(1);
  });

  test('once: a replay, and an older one, are refused', () => {
    const conversation = bound().hearBytes(reconfigure());
    conversation.answer('reply', { associations: [association([delegated(first)])] });
    for (const replay of [6n, 5n, 0n]) conversation.hearBytes(reconfigure({}, key, replay));
    expect(conversation.log).toEqual(['solicit 0', 'renew 100']);
    expect(conversation.refused).toHaveLength(3);
    expect(conversation.hearBytes(reconfigure({}, key, 7n)).log).toHaveLength(3);
  });

  test('while something is being asked it is passed over', () => {
    const conversation = bound().wait(800);
    expect(conversation.hearBytes(reconfigure({ asksFor: 6 })).log).toEqual(['solicit 0', 'renew 900']);
  });

  test.each<[string, Uint8Array, string]>([
    ['with another key', reconfigure({}, new Uint8Array(16)), 'its digest is wrong'],
    ['from another server', reconfigure({ serverId: otherServer }), 'it is from a server that gave no key'],
    ['with the key itself instead of a digest', reconfigure({ authentication: keyed(9n) }), 'it is not authenticated'],
    [
      'with another protocol',
      reconfigure({ authentication: { ...keyed(9n), protocol: 2, information: new Uint8Array(17).fill(2) } }),
      'it is not authenticated',
    ],
    [
      'with a digest of 15 bytes',
      reconfigure({ authentication: { ...keyed(9n), information: new Uint8Array(16).fill(2) } }),
      'it is not authenticated',
    ],
  ])('%s it is refused', (_what, bytes, why) => {
    const conversation = bound().hearBytes(bytes);
    expect(conversation.log).toEqual(['solicit 0']);
    expect(conversation.refused).toEqual([`a Reconfigure message is refused: ${why}`]);
  });

  test('every changed bit makes it invalid', () => {
    const good = reconfigure();
    for (let bit = 32; bit < good.length * 8; bit++) {
      const bytes = good.slice();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      expect(bound().hearBytes(bytes).log).toEqual(['solicit 0']);
    }
  });

  test('without any key, and for a client that holds nothing, it is nothing', () => {
    expect(new Conversation().bind().hearBytes(reconfigure()).log).toEqual(['solicit 0']);
    expect(new Conversation().start().hearBytes(reconfigure()).log).toEqual(['solicit 0']);
  });
});

test('whatever happens in whatever order: no throw, no storm, no timer that is always due, no lease beyond its time', () => {
  const prefix = fc.record({
    text: fc.constantFrom(first, second, 'fd00::/48', '2001:db8::/64', '::/0', '2001:db8:c::/300'),
    valid: fc.constantFrom(0, 1, 30, 3600, 0xffff_ffff),
    preferred: fc.constantFrom(0, 1, 20, 0xffff_ffff),
  });
  const time = fc.constantFrom(0, 1, 10, 900, 0xffff_ffff);
  const status = fc.constantFrom(0, 1, 3, 6, 99).map((code) => ({ code, text: '' }));
  const answer = fc.record({
    type: fc.constantFrom('advertise' as const, 'reply' as const),
    serverId: fc.constantFrom(serverDuid, otherServer),
    rapidCommit: fc.constantFrom(true as const, undefined),
    preference: fc.constantFrom(undefined, 0, 255),
    status: fc.option(status, { nil: undefined }),
    solMaxRt: fc.constantFrom(undefined, 0, 60, 86_400),
    associations: fc.array(
      fc.record({
        iaid: fc.constantFrom(1, 2, 3),
        t1: time,
        t2: time,
        prefixes: fc.array(
          prefix.map(({ text, valid, preferred }) => {
            const [address, length] = text.split('/');
            return { ...delegated(`${address}/48`, valid, preferred), length: Math.min(255, Number(length)) };
          }),
          { maxLength: 3 },
        ),
        status: fc.option(status, { nil: undefined }),
      }),
      { maxLength: 3 },
    ),
  });
  const event = fc.oneof(
    {
      weight: 5,
      arbitrary: answer.map(
        (details) => (it: Conversation) => it.sent.length > 0 && it.answer(details.type, defined(details)),
      ),
    },
    {
      weight: 4,
      arbitrary: fc.constantFrom(0.001, 0.1, 1, 2, 15, 400, 2000).map((s) => (it: Conversation) => it.wait(s)),
    },
    { weight: 1, arbitrary: fc.boolean().map((up) => (it: Conversation) => it.tell({ is: 'link', up })) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('answer' as const, 'change' as const)
        .map((until) => (it: Conversation) => it.tell({ is: 'kick', until })),
    },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => (it: Conversation) => it.hearBytes(bytes)),
    },
    { weight: 1, arbitrary: fc.constant((it: Conversation) => it.tell({ is: 'release' })) },
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), fc.boolean(), (events, rapidCommit) => {
      const conversation = new Conversation({ iaids: [1, 2], rapidCommit }).start();
      for (const happen of events) {
        happen(conversation);
        const now = conversation.now * 1000;
        expect(conversation.state.leases.every(({ validUntil }) => validUntil > now - 1)).toBe(true);
        expect(wakeAt(conversation.state)).not.toBeNaN();
      }
      const times = conversation.sent.map(({ at }) => at);
      for (const [index, at] of times.entries()) {
        expect(times[index + 20] ?? Infinity).toBeGreaterThanOrEqual(at + 19.99);
      }
      // Whatever it was told, with the line up and a server that works it gets its prefix.
      conversation.tell({ is: 'link', up: false }).wait(30).tell({ is: 'link', up: true });
      const works = {
        associations: [1, 2].map((iaid) => association([delegated(first)], { iaid })),
        rapidCommit: true,
      };
      for (let turn = 0; turn < 4; turn++) {
        conversation.answer(conversation.last.type === 'solicit' && !rapidCommit ? 'advertise' : 'reply', {
          ...works,
          rapidCommit: true,
          ...(conversation.last.serverId !== undefined && { serverId: conversation.last.serverId }),
        });
        if (conversation.last.type === 'solicit') conversation.wait(1.2);
      }
      expect(conversation.leases).toContain(first);
    }),
    { seed: 9915, numRuns: 150 },
  );
});

/** Without the keys that have no value. */
function defined(record: object): never {
  return JSON.parse(
    JSON.stringify(record, (_key, value: unknown) => (typeof value === 'bigint' ? `n${value}` : value)),
    (_key, value: unknown) => (typeof value === 'string' && /^n\d+$/.test(value) ? BigInt(value.slice(1)) : value),
  ) as never;
}
