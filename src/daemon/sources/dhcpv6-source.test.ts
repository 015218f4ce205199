import { afterEach, expect, test } from 'vitest';
import { decodeMessage } from '../../backend/dhcpv6/decode-message.ts';
import { encodeMessage } from '../../backend/dhcpv6/encode-message.ts';
import type { Message } from '../../backend/dhcpv6/message.ts';
import type { Delegation, LeaseReport } from '../../engine/delegation.ts';
import { association, delegated, knownPrefix, serverDuid } from '../../testing/dhcpv6-conversation.ts';
import { LinkMachine } from '../../testing/link-machine.ts';
import { startDhcpv6Source, type Dhcpv6Source } from './dhcpv6-source.ts';

const first = '2001:db8:a:aa80::/58';

/** The source on a machine of the test's own; the test is the server too. */
class Uplink extends LinkMachine {
  readonly log: string[] = [];
  readonly reports: LeaseReport[] = [];
  held: Delegation[] = [];
  problem = '';
  source!: Dhcpv6Source;

  async start(change: { readonly stateless?: boolean } = {}): Promise<this> {
    this.linkLocals = ['fe80::1'];
    this.mac = 0x02005e100001n;
    const say = (line: string): void => void this.log.push(line);
    this.source = startDhcpv6Source({
      host: this.host,
      access: this.access,
      paths: { config: '', runtimeDir: '', stateDir: '/state' },
      interface: 'eth0',
      source: {
        from: 'dhcpv6',
        ias: 1,
        iaid: 1,
        stateless: false,
        rapidCommit: true,
        firstOffer: false,
        release: false,
        ...change,
      },
      random: (length) => new Uint8Array(length).fill(1 + (this.sent.length % 200)),
      held: () => this.held,
      log: { info: say, warn: say, error: say },
      onReport: (report) => void this.reports.push(report),
      onProblem: (problem) => (this.problem = problem?.code ?? ''),
    });
    await this.pass(0);
    return this;
  }

  get heard(): Message[] {
    return this.sent.map(({ bytes }) => {
      const read = decodeMessage(bytes);
      if (!read.ok) throw new Error(read.problem.message);
      return read.value;
    });
  }

  async answer(details: Partial<Message>): Promise<void> {
    const { transactionId, clientId } = this.heard.at(-1)!;
    const whole = {
      type: 'reply',
      transactionId,
      clientId: clientId!,
      serverId: serverDuid,
      rapidCommit: true,
    } as const;
    this.events!.onDatagram(encodeMessage({ ...whole, associations: [], ...details }));
    await this.pass(0);
  }

  /** A router repeats its advertisement. */
  advertise(prefix = '2001:db8:a:aa00::/64', valid = 7200): void {
    this.source.note({ about: 'prefix', interface: 'eth0', prefix, valid, preferred: valid });
  }
}

let uplink: Uplink | undefined;
afterEach(async () => uplink?.source.stop(false));
const lease = { associations: [association([delegated(first)])] };
const silence = [association([], { status: { code: 6, text: '' } })];

test('it asks as soon as the address is there, and tells what it was given', async () => {
  uplink = await new Uplink().start();
  expect(uplink.heard.map(({ type }) => type)).toEqual(['solicit']);
  await uplink.answer(lease);
  expect(uplink.reports).toMatchObject([{ interface: 'eth0', reason: 'Reply to Solicit' }]);
  expect(uplink.log).toEqual([expect.stringMatching(/DHCPv6 client 00:01:.* \(DUID-LLT\), IAID 1$/)]);
});

test('what was held is asked for with its deadlines; by a stateless one not', async () => {
  const validUntil = 1_000_000_030_000;
  const held: Delegation = {
    uplink: 'dsl',
    iaid: 1,
    prefix: knownPrefix(first),
    preferredUntil: validUntil,
    validUntil,
    since: 0,
  };
  uplink = new Uplink();
  uplink.held = [held];
  await uplink.start();
  expect(uplink.heard.map(({ type }) => type)).toEqual(['rebind']);
  await uplink.pass(29_900);
  expect(uplink.heard.at(-1)!.type).toBe('rebind');
  await uplink.pass(200);
  expect(uplink.heard.at(-1)!.type).toBe('solicit');
  await uplink.source.stop(false);

  uplink = new Uplink();
  uplink.held = [held];
  await uplink.start({ stateless: true });
  expect(uplink.heard).toMatchObject([{ type: 'solicit', clientId: '00:03:00:01:02:00:5e:10:00:01' }]);
});

test('another prefix of a router, and one that is taken back, make it ask; a repetition does not', async () => {
  uplink = await new Uplink().start();
  uplink.source.learn({ about: 'prefix', interface: 'eth0', prefix: 'x', valid: 1, preferred: 1 });
  await uplink.answer(lease);
  await uplink.pass(1000);
  uplink.advertise('x');
  expect(uplink.heard).toHaveLength(1);
  uplink.advertise('y');
  expect(uplink.heard).toHaveLength(2);
  expect(uplink.heard.at(-1)!.type).toBe('rebind');
  await uplink.answer({ associations: [association([delegated('2001:db8:b:bb80::/58')])] });
  await uplink.pass(1000);
  uplink.advertise('x', 0);
  expect(uplink.heard).toHaveLength(3);
  uplink.advertise('x', 0);
  expect(uplink.heard).toHaveLength(3);
});

test.each([
  ['is silent', {}, 40, 120],
  ['has no prefix', { type: 'advertise', associations: silence }, 5, 20],
  ['said how seldom', { type: 'advertise', associations: silence, solMaxRt: 300 }, 0, 0],
] as const)('a router is there for 20 minutes, the server %s', async (_what, answer, least, most) => {
  uplink = await new Uplink().start();
  if ('type' in answer) await uplink.answer(answer);
  await uplink.pass(7_200_000); // the pauses are as long as they get
  for (let second = 0; second < 1200; second++) {
    uplink.advertise();
    await uplink.pass(1000);
  }
  const asked = uplink.log.filter((line) => line.includes('a router is there')).length;
  expect(asked).toBeGreaterThanOrEqual(least);
  expect(asked).toBeLessThanOrEqual(most);
});

test('who sends rubbish fills no log', async () => {
  uplink = await new Uplink().start();
  const before = uplink.log.length;
  for (let index = 0; index < 5000; index++) uplink.events!.onDatagram(Uint8Array.of(index & 255, 0, 0, 0, 0));
  expect(uplink.log.length - before).toBe(10);
  await uplink.pass(61_000);
  uplink.events!.onDatagram(new Uint8Array(1));
  expect(uplink.log.filter((line) => line.includes('refused')).length).toBe(11);
});

test('problems: the port before what the server says; none after the stop', async () => {
  uplink = new Uplink();
  uplink.opening = 'taken';
  await uplink.start();
  expect(uplink.problem).toBe('port-taken');
  uplink.opening = 'open';
  await uplink.pass(100);
  expect(uplink.problem).toBe('');
  await uplink.answer({ type: 'advertise', associations: silence });
  expect(uplink.problem).toBe('delegation-denied');
  await uplink.answer(lease);
  expect(uplink.problem).toBe('');
  await uplink.source.stop(false);
  await uplink.pass(100_000);
  expect([uplink.problem, uplink.open]).toEqual(['', 0]);
});

test('stopped with a release: the server is told, and nobody waits for its answer for ever', async () => {
  uplink = await new Uplink().start();
  await uplink.answer(lease);
  let stopped = false;
  const stopping = uplink.source.stop(true).then(() => (stopped = true));
  await uplink.pass(200);
  expect(uplink.heard.at(-1)!.type).toBe('release');
  expect(uplink.reports.at(-1)!.released).toBe(true);
  expect(stopped).toBe(false);
  await uplink.pass(1500);
  await stopping;
  expect(uplink.open).toBe(0);
});
