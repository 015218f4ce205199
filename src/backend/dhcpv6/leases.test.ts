import { describe, expect, test } from 'vitest';
import {
  association,
  Conversation,
  delegated,
  knownPrefix,
  otherServer,
  serverDuid,
} from '../../testing/dhcpv6-conversation.ts';
import { problemOfClient } from './client-problem.ts';
import { readGrant } from './read-grant.ts';

const first = '2001:db8:a:aa80::/58';
const second = '2001:db8:b:bb80::/58';
const renewed = (prefix = first, valid = 3600) => ({ associations: [association([delegated(prefix, valid)])] });
const unbound = { associations: [association([], { t1: 0, t2: 0, status: { code: 3, text: '' } })] };

describe('T1 and T2 (RFC 9915 sections 14.2, 18.2.4, 18.2.5)', () => {
  test('at T1 the server is asked to renew, at T2 all servers; with the last valid lifetime the search begins', () => {
    const conversation = new Conversation().bind().wait(4000);
    const types = conversation.sent.map(({ message }) => message.type);
    expect(conversation.log.slice(0, 6)).toEqual([
      'solicit 0',
      'renew 900',
      'renew 910',
      'renew 930',
      'renew 970',
      'renew 1050',
    ]);
    const renew = conversation.sent[1]!.message;
    expect(renew).toMatchObject({ serverId: serverDuid, reconfigureAccept: true, requested: [82, 67] });
    expect(renew.associations[0]!.prefixes).toMatchObject([{ length: 58, validLifetime: 0, preferredLifetime: 0 }]);
    const rebind = conversation.sent.find(({ message }) => message.type === 'rebind')!;
    expect(rebind.at).toBe(1440);
    expect(rebind.message.serverId).toBeUndefined();
    expect(rebind.message.associations).toEqual(renew.associations);
    const search = conversation.sent.findIndex(({ message }, index) => index > 0 && message.type === 'solicit');
    expect(conversation.sent[search]!.at).toBe(3600);
    expect(types.slice(search).every((type) => type === 'solicit')).toBe(true);
    expect(conversation.leases).toEqual([]);
  });

  test('retransmission of a Rebind never waits longer than 600 s', () => {
    const conversation = new Conversation().bind([association([delegated(first, 20_000)])]).wait(19_000);
    const rebinds = conversation.sent.filter(({ message }) => message.type === 'rebind').map(({ at }) => at);
    expect(Math.max(...rebinds.slice(1).map((at, index) => at - rebinds[index]!))).toBeCloseTo(600);
  });

  test('an answer begins the next term', () => {
    const conversation = new Conversation().bind().wait(900).answer('reply', renewed()).wait(899);
    expect(conversation.log).toEqual(['solicit 0', 'renew 900']);
    expect(conversation.wait(1).log.at(-1)).toBe('renew 1800');
    expect(conversation.reported).toEqual([`${first} 3600`]);
  });

  test.each([
    ['left to the client', { t1: 0, t2: 0 }, 3600, 900, 1440],
    ['behind the lifetimes', { t1: 5000, t2: 9000 }, 3600, 900, 2880],
    ['for ever with a lease that ends', { t1: 0xffff_ffff, t2: 0xffff_ffff }, 3600, 900, 2880],
    ['only T2 said', { t1: 0, t2: 600 }, 3600, 600, 600],
    ['nearly nothing', { t1: 0, t2: 0 }, 2, 1, 1],
  ])('%s', (what, times, valid, renew, rebind) => {
    const conversation = new Conversation().bind([association([delegated(first, valid)], times)]);
    const { renewAt, rebindAt } = conversation.state;
    const shortest = Math.floor(valid / 2);
    expect([renewAt / 1000, rebindAt / 1000]).toEqual([
      renew,
      what.startsWith('behind') || what.startsWith('for ever') ? shortest * 0.8 : rebind,
    ]);
  });

  test('infinite lifetimes with infinite times: never', () => {
    const infinity = 0xffff_ffff;
    const lease = association([delegated(first, infinity, infinity)], { t1: infinity, t2: infinity });
    expect(new Conversation().bind([lease]).wait(1e9).log).toEqual(['solicit 0']);
  });

  test('T1 behind T2: the association counts as not there (section 21.21)', () => {
    const conversation = new Conversation().bind([association([delegated(first)], { t1: 1000, t2: 999 })]);
    expect(conversation.leases).toEqual([]);
  });

  test('of several associations the earliest counts, and one message renews all', () => {
    const both = [
      association([delegated(first)], { t1: 300 }),
      association([delegated(second)], { iaid: 2, t1: 200, t2: 1000 }),
    ];
    const conversation = new Conversation({ iaids: [1, 2] }).bind(both).wait(200);
    expect(conversation.log).toEqual(['solicit 0', 'renew 200']);
    expect(conversation.last.associations.map(({ iaid, prefixes }) => [iaid, prefixes.length])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(conversation.state.rebindAt).toBe(1_000_000);
  });
});

describe('what a Reply brings (section 18.2.10.1)', () => {
  test('a lifetime of 0 ends a prefix, in whatever order; what is not named stays', () => {
    const conversation = new Conversation().bind().wait(900);
    const prefixes = [delegated(first, 0), delegated(second)];
    conversation.answer('reply', { associations: [association(prefixes)] });
    expect(conversation.leases).toEqual([second]);
    expect(conversation.reported).toEqual([`${first} 0`, `${second} 3600`]);
    conversation.wait(900).answer('reply', renewed(first));
    expect(conversation.leases).toEqual([second, first]);
    expect(conversation.wait(2700).leases).toEqual([first]);
  });

  test('only lifetimes of 0: nothing is left, and the search begins', () => {
    const conversation = new Conversation().bind().wait(900);
    conversation.answer('reply', { associations: [association([delegated(first, 0)])] });
    expect(conversation.leases).toEqual([]);
    expect(conversation.log.at(-1)).toBe('solicit 900');
  });

  test.each([
    ['preferred longer than valid', delegated(first, 100, 101), /preferred lifetime \(101 s\) is longer/],
    ['a ULA', delegated('fd00:1::/48'), /unique local/],
    ['a /65', delegated('2001:db8::/65'), /longer than \/64/],
    ['a /129', { ...delegated(first), length: 129 }, /there are 128 bits/],
    ['everything', delegated('::/0'), /shorter than \/20/],
  ])('%s is not used, and said so', (_what, prefix, message) => {
    const conversation = new Conversation().bind([association([prefix, delegated(second)])]);
    expect(conversation.leases).toEqual([second]);
    expect(conversation.reports[0]!.refused).toMatchObject([{ code: 'delegation-refused', message }]);
    const alone = new Conversation().bind([association([prefix])]);
    expect(alone.leases).toEqual([]);
    expect(alone.reports[0]!.refused).toHaveLength(1);
    expect(alone.wait(2).log).toEqual(['solicit 0', 'solicit 1.05']);
  });

  test('the part that stays with the provider is told (RFC 6603); one that is malformed spoils the prefix', () => {
    const part = knownPrefix('2001:db8:a:aa85::/64');
    const conversation = new Conversation().bind([association([{ ...delegated(first), excluded: part }])]);
    expect(conversation.reports[0]!.prefixes).toMatchObject([{ excluded: part }]);
    const grant = readGrant(conversation.state.settings, {
      type: 'reply',
      transactionId: 0,
      associations: [association([{ ...delegated(first), excluded: 'malformed' }])],
    });
    expect([grant.prefixes, grant.refused[0]?.code]).toEqual([[], 'delegation-refused']);
  });

  test('host bits behind the length are cut off', () => {
    const sloppy = { ...delegated('2001:db8:a:aa81::1/58'), length: 58 };
    expect(new Conversation().bind([association([sloppy])]).leases).toEqual([first]);
  });

  test('associations that nobody asked for, and a second one of the same IAID, are passed over', () => {
    const strange = [
      association([delegated('2001:db8:c::/58')], { iaid: 9 }),
      association([delegated(first)]),
      association([delegated(second)]),
    ];
    expect(new Conversation().bind(strange).leases).toEqual([first]);
  });

  test('a thousand prefixes fill no memory', () => {
    const many = Array.from({ length: 60 }, (_, index) => delegated(`2001:db8:${index.toString(16)}::/48`));
    const conversation = new Conversation({ iaids: [1, 2, 3] });
    conversation.bind([1, 2, 3].map((iaid) => association(many, { iaid })));
    expect(conversation.leases.length).toBeLessThanOrEqual(64);
  });

  test('one association is served, the other is not: the first counts, the other is wished with each renewal', () => {
    const refusal = association([], { iaid: 2, t1: 0, t2: 0, status: { code: 6, text: '' } });
    const conversation = new Conversation({ iaids: [1, 2] }).bind([association([delegated(first)]), refusal]);
    expect(conversation.leases).toEqual([first]);
    expect(problemOfClient(conversation.state)?.message).toContain('does not delegate all that is asked for');
    expect(conversation.wait(900).last.associations[1]).toMatchObject({ iaid: 2, prefixes: [{ address: 0n }] });
    conversation.answer('reply', {
      associations: [association([delegated(first)]), association([delegated(second)], { iaid: 2 })],
    });
    expect(conversation.leases).toEqual([first, second]);
    expect(problemOfClient(conversation.state)).toBeUndefined();
  });

  test('a Reply that leaves out an association that is held: its figures count, the other is asked for again', () => {
    const both = [association([delegated(first)]), association([delegated(second)], { iaid: 2 })];
    const conversation = new Conversation({ iaids: [1, 2] }).bind(both).wait(900);
    conversation.answer('reply', renewed()).wait(11);
    expect(conversation.log).toEqual(['solicit 0', 'renew 900', 'renew 910']);
    expect(conversation.answer('reply', { associations: both }).wait(500).log).toHaveLength(3);
  });
});

describe('a server that forgot (NoBinding)', () => {
  test('it is asked for a lease; what it gives takes the place of what it does not know', () => {
    const conversation = new Conversation().bind().wait(900).answer('reply', unbound);
    expect(conversation.log.at(-1)).toBe('request 900');
    expect(conversation.last).toMatchObject({ serverId: serverDuid, associations: [{ prefixes: [{ length: 58 }] }] });
    expect(conversation.leases).toEqual([first]);
    conversation.answer('reply', renewed(second));
    expect(conversation.leases).toEqual([second]);
    expect(conversation.reported).toEqual([`${second} 3600`, `${first} 0`]);
    expect(problemOfClient(conversation.state)).toBeUndefined();
  });

  test('a Rebind finds another server, which is asked in the place of the first', () => {
    const conversation = new Conversation()
      .bind()
      .wait(1440)
      .answer('reply', { ...unbound, serverId: otherServer });
    expect(conversation.last).toMatchObject({ type: 'request', serverId: otherServer });
    conversation.answer('reply', { ...renewed(second), serverId: otherServer });
    expect(conversation.wait(900).last).toMatchObject({ type: 'renew', serverId: otherServer });
  });

  test('and has no other prefix: the lease lives on to its end while another server is looked for', () => {
    const conversation = new Conversation().bind().wait(900).answer('reply', unbound);
    conversation.answer('reply', { associations: [association([], { status: { code: 6, text: '' } })] }).wait(2);
    expect(conversation.last.type).toBe('solicit');
    expect(conversation.leases).toEqual([first]);
    expect(problemOfClient(conversation.state)?.code).toBe('delegation-denied');
    conversation.answer('reply', { rapidCommit: true, ...renewed(second) });
    expect(conversation.leases).toEqual([first, second]);
    expect(problemOfClient(conversation.state)).toBeUndefined();
  });

  test('as the status of the whole message it means the same', () => {
    const conversation = new Conversation()
      .bind()
      .wait(900)
      .answer('reply', { status: { code: 3, text: '' } });
    expect(conversation.last.type).toBe('request');
  });
});

test.each([
  ['UnspecFail', 1],
  ['NoPrefixAvail', 6],
  ['UseMulticast', 5],
  ['an unknown status', 99],
])('%s to a Renew: as if it had not come; at T2 all servers are asked', (_what, code) => {
  const conversation = new Conversation()
    .bind()
    .wait(900)
    .answer('reply', { status: { code, text: '' } })
    .wait(541);
  expect(conversation.log.slice(0, 3)).toEqual(['solicit 0', 'renew 900', 'renew 910']);
  expect(conversation.last.type).toBe('rebind');
  expect(conversation.leases).toEqual([first]);
});

test('UnspecFail to a Request: the same server is asked again (section 18.2.10)', () => {
  const conversation = new Conversation({ firstOffer: true }).start().answer('advertise', renewed());
  conversation.answer('reply', { status: { code: 1, text: '' } }).wait(1);
  expect(conversation.log).toEqual(['solicit 0', 'request 0', 'request 1']);
});

describe('the link', () => {
  test('back again: all servers are asked whether the prefix still is ours, for 10 s (section 18.2.12)', () => {
    const conversation = new Conversation().bind().wait(100).tell({ is: 'link', up: false }).wait(5);
    conversation.tell({ is: 'link', up: true }).wait(60);
    expect(conversation.log).toEqual(['solicit 0', 'rebind 105', 'rebind 106', 'rebind 108', 'rebind 112']);
    expect(conversation.leases).toEqual([first]);
    expect(conversation.wait(735).log.at(-1)).toBe('renew 900');
  });

  test('away when the lease ends: the search begins when it is back', () => {
    const conversation = new Conversation().bind().wait(100).tell({ is: 'link', up: false }).wait(5000);
    expect(conversation.sent).toHaveLength(1);
    expect(conversation.tell({ is: 'link', up: true }).last.type).toBe('solicit');
  });

  test('leases of an earlier life are confirmed first, and never forgotten for silence', () => {
    const lease = { iaid: 1, prefix: knownPrefix(first), preferredUntil: 1_000_000, validUntil: 2_000_000 };
    const conversation = new Conversation({}, [lease, { ...lease, iaid: 7 }]).start().wait(25);
    expect(conversation.log).toEqual(['rebind 0', 'rebind 1', 'rebind 3', 'rebind 7', 'rebind 10', 'rebind 20']);
    expect(conversation.last.associations).toMatchObject([{ iaid: 1, prefixes: [{ length: 58 }] }]);
    expect(conversation.leases).toEqual([first]);
    conversation.answer('reply', renewed());
    expect(conversation.wait(900).last).toMatchObject({ type: 'renew', serverId: serverDuid });
  });

  test('a lease whose end is seen late, by another event, makes the search begin all the same', () => {
    const conversation = new Conversation()
      .bind([association([delegated(first, 20_000)])])
      .wait(19_999)
      .oversleep(1.5);
    conversation.hearBytes(new Uint8Array(3));
    expect(conversation.leases).toEqual([]);
    expect(conversation.wait(0).last.type).toBe('solicit');
  });

  test('leases of an earlier life that ended meanwhile are none', () => {
    const lease = { iaid: 1, prefix: knownPrefix(first), preferredUntil: -2, validUntil: -1 };
    expect(new Conversation({}, [lease]).start().last.type).toBe('solicit');
  });
});

describe('a kick', () => {
  test('until a change: asked again after 0.1, 0.3, 1, 3 and 10 s for as long as the answer is the old one', () => {
    const conversation = new Conversation().bind().wait(100).tell({ is: 'kick', until: 'change' });
    for (let step = 0; step < 300; step++) {
      if (conversation.state.exchange) conversation.answer('reply', renewed());
      conversation.wait(0.05);
    }
    const asked = conversation.sent.slice(1).map(({ at }) => Math.round((at - 100) * 100) / 100);
    expect(asked).toEqual([0, 0.1, 0.3, 1, 3, 10]);
  });

  test('a change ends it', () => {
    const conversation = new Conversation().bind().wait(100).tell({ is: 'kick', until: 'change' });
    conversation.answer('reply', renewed()).wait(0.1);
    conversation.answer('reply', { associations: [association([delegated(second), delegated(first, 0)])] }).wait(20);
    expect(conversation.log).toEqual(['solicit 0', 'rebind 100', 'rebind 100.1']);
    expect(conversation.leases).toEqual([second]);
  });

  test('until an answer: asked once', () => {
    const conversation = new Conversation().bind().wait(100).tell({ is: 'kick', until: 'answer' });
    expect(conversation.answer('reply', renewed()).wait(20).log).toEqual(['solicit 0', 'rebind 100']);
  });

  test('an answer that is slower than the next question still counts', () => {
    const conversation = new Conversation().bind().wait(100).tell({ is: 'kick', until: 'change' }).wait(0.9);
    expect(conversation.log).toEqual(['solicit 0', 'rebind 100']);
    conversation.answer('reply', renewed(second));
    expect(conversation.leases).toContain(second);
  });

  test('nobody answers: the lease stays, and T1 stays when it was', () => {
    const conversation = new Conversation().bind().wait(100).tell({ is: 'kick', until: 'change' }).wait(790);
    expect(conversation.leases).toEqual([first]);
    expect(conversation.wait(10).log.at(-1)).toBe('renew 900');
  });
});

describe('Release (section 18.2.7), only when asked', () => {
  test('the prefix is out of use before the server hears of it; five silent seconds end it', () => {
    const conversation = new Conversation().bind().wait(10).tell({ is: 'release' });
    expect(conversation.reports.at(-1)).toMatchObject({ reason: 'Release', released: true, prefixes: [] });
    expect(conversation.last.type).toBe('solicit');
    conversation.wait(0.1);
    expect(conversation.last).toMatchObject({ type: 'release', serverId: serverDuid });
    expect(conversation.last.requested).toBeUndefined();
    conversation.wait(100);
    expect(conversation.log).toEqual(['solicit 0', 'release 10.1', 'release 11.1', 'release 13.1', 'release 17.1']);
    expect(conversation.last.associations).toMatchObject([{ iaid: 1, prefixes: [{ length: 58 }] }]);
    expect(conversation.released).toBe(1);
    expect(conversation.leases).toEqual([]);
  });

  test('whatever the answer says, it is over', () => {
    const conversation = new Conversation().bind().wait(10).tell({ is: 'release' }).wait(0.1);
    conversation.answer('reply', { status: { code: 3, text: '' } }).wait(10_000);
    expect(conversation.released).toBe(1);
    expect(conversation.log).toEqual(['solicit 0', 'release 10.1']);
  });

  test('nothing is held: nothing is said', () => {
    const conversation = new Conversation().start().tell({ is: 'release' }).wait(100);
    expect([conversation.released, conversation.reports, conversation.sent.length]).toEqual([1, [], 1]);
  });
});
