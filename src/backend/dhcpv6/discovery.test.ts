import { describe, expect, test } from 'vitest';
import { association, Conversation, delegated, otherServer, serverDuid } from '../../testing/dhcpv6-conversation.ts';
import { duidFromBytes } from '../../core/duid.ts';
import { problemOfClient } from './client-problem.ts';

const first = '2001:db8:a:aa80::/58';
const second = '2001:db8:b:bb80::/58';
const offer = (prefix = first) => [association([delegated(prefix)])];
const noPrefix = [association([], { t1: 0, t2: 0, status: { code: 6, text: 'sold out' } })];

describe('looking for a server (RFC 9915 section 18.2.1)', () => {
  test('nothing is sent before the interface can be used', () => {
    expect(new Conversation().wait(100).sent).toEqual([]);
  });

  test('the first Solicit goes out at once, with everything that prefix delegation needs', () => {
    const { last, log } = new Conversation().start();
    expect(log).toEqual(['solicit 0']);
    expect(last).toMatchObject({ rapidCommit: true, reconfigureAccept: true, elapsed: 0, requested: [82, 67] });
    expect(last.serverId).toBeUndefined();
    expect(last.associations).toEqual([
      { iaid: 1, t1: 0, t2: 0, prefixes: [{ preferredLifetime: 0, validLifetime: 0, length: 58, address: 0n }] },
    ]);
  });

  test('without a wish for a length no prefix stands in the association', () => {
    const conversation = new Conversation();
    const { length: _, ...settings } = conversation.state.settings;
    conversation.state = { ...conversation.state, settings };
    expect(conversation.start().last.associations).toEqual([{ iaid: 1, t1: 0, t2: 0, prefixes: [] }]);
  });

  test('it is sent again by the figures of section 7.6, with the time that has passed', () => {
    const conversation = new Conversation().start().wait(16);
    // RAND is 0.05 for the first and 0 then: 1.05, 2.1, 4.2, 8.4 s.
    expect(conversation.log).toEqual(['solicit 0', 'solicit 1.05', 'solicit 3.15', 'solicit 7.35', 'solicit 15.75']);
    expect(conversation.last.elapsed).toBe(1575);
    expect(new Set(conversation.sent.map(({ message }) => message.transactionId)).size).toBe(1);
    const day = conversation.wait(100_000).sent.map(({ at }) => at);
    expect(day.at(-1)! - day.at(-2)!).toBeCloseTo(3600);
    expect(conversation.last.elapsed).toBe(0xffff);
  });

  test('RAND: the first wait is 1 to 1.1 s and never shorter, the others double within a tenth', () => {
    for (const [jitter, from, to] of [
      [0, 1.1, 3.19],
      [0.999_999, 1, 3.1],
    ] as const) {
      const conversation = new Conversation();
      conversation.jitter = jitter;
      const [, once, again] = conversation.start().wait(4).sent;
      expect(once!.at).toBeGreaterThan(1);
      expect(once!.at).toBeCloseTo(from, 2);
      expect(again!.at).toBeCloseTo(to, 2);
    }
  });

  test('SOL_MAX_RT of a server counts, also of one that has no prefix, and odd ones do not', () => {
    const conversation = new Conversation().start();
    for (const solMaxRt of [59, 86_401, 0]) conversation.answer('advertise', { solMaxRt, associations: noPrefix });
    expect(conversation.state.solMaxRt).toBeUndefined();
    conversation.answer('advertise', { solMaxRt: 120, associations: noPrefix }).wait(2000);
    const times = conversation.sent.map(({ at }) => at);
    expect(times.at(-1)! - times.at(-2)!).toBeCloseTo(120);
    conversation.tell({ is: 'kick', until: 'answer' }).wait(2000);
    const later = conversation.sent.map(({ at }) => at);
    expect(later.at(-1)! - later.at(-2)!).toBeCloseTo(120);
  });
});

describe('rapid commit', () => {
  test('one Solicit and one Reply', () => {
    const conversation = new Conversation().bind();
    expect(conversation.log).toEqual(['solicit 0']);
    expect(conversation.leases).toEqual([first]);
    expect(conversation.reports).toMatchObject([
      { interface: 'eth0', reason: 'Reply to Solicit', released: false, refused: [] },
    ]);
    expect(conversation.reported).toEqual([`${first} 3600`]);
    expect(conversation.wait(800).log).toEqual(['solicit 0']);
  });

  test('one with a lifetime of 0 and nothing else changes nothing: the search goes on with the same Solicit', () => {
    const conversation = new Conversation().start();
    const answer = { rapidCommit: true, associations: [association([delegated(first, 0)])] } as const;
    conversation.answer('reply', answer);
    expect([conversation.log, conversation.reports]).toEqual([['solicit 0'], []]);
    expect(conversation.answer('reply', { rapidCommit: true, associations: offer() }).leases).toEqual([first]);
  });

  test('a Reply without it is none to a Solicit, nor is one to a client that did not ask for it', () => {
    expect(new Conversation().start().answer('reply', { associations: offer() }).leases).toEqual([]);
    const without = new Conversation({ rapidCommit: false }).start();
    expect(without.last.rapidCommit).toBeUndefined();
    expect(without.answer('reply', { rapidCommit: true, associations: offer() }).leases).toEqual([]);
  });
});

describe('offers (section 18.2.9)', () => {
  test('they are collected for the first second, then the best is asked', () => {
    const conversation = new Conversation().start().wait(0.1);
    conversation.answer('advertise', { associations: offer() });
    conversation.answer('advertise', { serverId: otherServer, preference: 7, associations: offer(second) });
    expect(conversation.wait(0.9).log).toEqual(['solicit 0']);
    conversation.wait(0.1);
    expect(conversation.log).toEqual(['solicit 0', 'request 1.05']);
    expect(conversation.last).toMatchObject({ serverId: otherServer, elapsed: 0 });
    expect(conversation.last.associations[0]!.prefixes).toMatchObject([{ length: 58, validLifetime: 0 }]);
    conversation.answer('reply', { serverId: otherServer, associations: offer(second) });
    expect(conversation.leases).toEqual([second]);
  });

  test.each([
    ['of the highest preference', {}, { preference: 255 }],
    ['for a client that takes the first', { firstOffer: true }, {}],
  ])('one %s is taken at once', (_what, settings, details) => {
    const conversation = new Conversation(settings).start().wait(0.1);
    conversation.answer('advertise', { ...details, associations: offer() });
    expect(conversation.log).toEqual(['solicit 0', 'request 0.1']);
  });

  test('after the first second any is taken at once', () => {
    const conversation = new Conversation().start().wait(2).answer('advertise', { associations: offer() });
    expect(conversation.log.at(-1)).toBe('request 2');
  });

  test('of equal preference the one that serves more associations', () => {
    const conversation = new Conversation({ iaids: [1, 2] }).start();
    conversation.answer('advertise', { associations: offer() });
    conversation.answer('advertise', {
      serverId: otherServer,
      associations: [association([delegated(first)]), association([delegated(second)], { iaid: 2 })],
    });
    expect(conversation.wait(1.1).last).toMatchObject({ type: 'request', serverId: otherServer });
    expect(conversation.last.associations.map(({ iaid }) => iaid)).toEqual([1, 2]);
  });

  test('a server is asked only for what it offered', () => {
    const conversation = new Conversation({ iaids: [1, 2], firstOffer: true }).start();
    conversation.answer('advertise', { associations: offer() });
    expect(conversation.last.associations.map(({ iaid }) => iaid)).toEqual([1]);
  });

  test('a thousand servers fill no memory', () => {
    const conversation = new Conversation().start();
    for (let index = 0; index < 1000; index++) {
      const serverId = duidFromBytes(Uint8Array.of(0, 3, 0, 1, index >> 8, index & 255));
      conversation.answer('advertise', { serverId, associations: offer() });
    }
    expect(conversation.state.offers.length).toBeLessThanOrEqual(16);
  });

  test('a server that has no prefix is no offer, and its words are the problem', () => {
    const conversation = new Conversation().start().answer('advertise', { associations: noPrefix }).wait(3);
    expect(conversation.log).toEqual(['solicit 0', 'solicit 1.05']);
    expect(problemOfClient(conversation.state)).toMatchObject({
      code: 'delegation-denied',
      message: 'the DHCPv6 server on eth0 delegates no prefix (NoPrefixAvail: "sold out")',
    });
    conversation.answer('advertise', { associations: offer() }).answer('reply', { associations: offer() });
    expect(problemOfClient(conversation.state)).toBeUndefined();
  });

  test('ten Requests without an answer: the next offer, then a new search', () => {
    const conversation = new Conversation().start();
    conversation.answer('advertise', { associations: offer() });
    conversation.answer('advertise', { serverId: otherServer, associations: offer(second) }).wait(600);
    const requests = conversation.sent.filter(({ message }) => message.type === 'request');
    expect(requests.filter(({ message }) => message.serverId === serverDuid)).toHaveLength(10);
    expect(requests.filter(({ message }) => message.serverId === otherServer).length).toBeGreaterThan(5);
    const gaps = requests.slice(1, 10).map(({ at }, index) => Math.round(at - requests[index]!.at));
    expect(gaps).toEqual([1, 2, 4, 8, 16, 30, 30, 30, 30]);
    expect(conversation.wait(300).last.type).toBe('solicit');
  });

  test('a server that offers and then does not give: asked again and again, ever more seldom', () => {
    const conversation = new Conversation({ firstOffer: true }).start();
    for (let turn = 0; turn < 12; turn++) {
      conversation.answer('advertise', { associations: offer() });
      expect(conversation.last.type).toBe('request');
      conversation.answer('reply', { associations: noPrefix });
      while (conversation.last.type === 'request') conversation.wait(0.5);
    }
    const solicits = conversation.sent.filter(({ message }) => message.type === 'solicit').map(({ at }) => at);
    const gaps = solicits.slice(1).map((at, index) => Math.round(at - solicits[index]!));
    expect(gaps).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60].slice(0, gaps.length));
  });
});

describe('silence', () => {
  test('four messages without an answer are a problem, and the answer ends it', () => {
    const conversation = new Conversation().start().wait(7);
    expect(problemOfClient(conversation.state)).toBeUndefined();
    conversation.wait(1);
    expect(problemOfClient(conversation.state)).toMatchObject({
      code: 'server-silent',
      message: 'no DHCPv6 server answers on eth0',
    });
    conversation.answer('reply', { rapidCommit: true, associations: offer() });
    expect(problemOfClient(conversation.state)).toBeUndefined();
  });

  test('a kick asks at once however long the pause is', () => {
    const conversation = new Conversation().start().wait(5000);
    const before = conversation.sent.length;
    conversation.tell({ is: 'kick', until: 'answer' });
    expect(conversation.sent).toHaveLength(before + 1);
    expect(conversation.last).toMatchObject({ type: 'solicit', elapsed: 0 });
    expect(conversation.wait(1.1).sent).toHaveLength(before + 2);
  });
});

test('a storm of kicks makes no storm of messages: 20 in 20 s (section 14.1)', () => {
  const conversation = new Conversation().start();
  for (let turn = 0; turn < 1000; turn++) conversation.tell({ is: 'kick', until: 'change' }).wait(0.06);
  const times = conversation.sent.map(({ at }) => at);
  for (const [index, at] of times.entries()) {
    expect(times.slice(index).filter((other) => other - at < 20).length).toBeLessThanOrEqual(20);
  }
  expect(times.length).toBeGreaterThan(40);
});
