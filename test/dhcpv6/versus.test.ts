import { afterAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { configText, currentPrefix, startGuarded, waitForMapping } from '../translate/following.ts';
import { between, ownConfig } from './own-client.ts';

// The same router, provider and daemon; what differs is who asks for the prefix: dhcpcd with `nodelay`, or sixgate itself.

const runs = 8;
const first = '2001:db8:a:aa80::/58';
const mapped = /dsl now has/;
const rows: string[][] = [];

afterAll(() => {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]!.length))) ?? [];
  const table = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '));
  process.stdout.write(`\n${table.join('\n')}\n\n`);
});

interface Times {
  /** From the start of the client to the mapping, in milliseconds; the daemon runs before. */
  readonly client: number[];
  /** From the start of everything, with nothing stored. */
  readonly everything: number[];
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;

/** Each in a lab of its own, so that nothing is stored and Kea has no lease. */
async function inLab(rapidCommit: boolean, work: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await Lab.start({ name: 'dhcpv6v', rapidCommit });
  try {
    await work(lab);
    expect(currentPrefix(lab)).toBe(first);
  } finally {
    await lab.stop();
  }
}

/** As "generate uplink" writes it, hook included; it says `nodelay`. */
async function generateDhcpcd(lab: Lab): Promise<string> {
  const what = ['--for', 'dhcpcd', '--interface', 'eth0', '--length', '58', '--out', '/', '--force'];
  const written = await lab.router.sixgate('generate', 'uplink', ...what);
  if (written.code !== 0) throw new Error(written.stderr);
  const text = await lab.router.shell.exec(['cat', '/etc/dhcpcd.conf']);
  expect(text).toMatch(/^nodelay$/m);
  return text;
}

const stamp = (text: string): number =>
  Date.parse(
    text
      .split('\n')
      .findLast((line) => mapped.test(line))!
      .split(' ')[0]!,
  );
const inForce = (lab: Lab): Promise<true> => waitForMapping(lab, (prefix) => prefix === first);

async function measure(rapidCommit: boolean, own: string): Promise<{ ours: Times; theirs: Times }> {
  const ours: Times = { client: [], everything: [] };
  const theirs: Times = { client: [], everything: [] };
  for (let run = 0; run < runs; run++) {
    await inLab(rapidCommit, async (lab) => {
      const started = Date.now();
      const daemon = lab.router.startSixgate(ownConfig(own));
      await inForce(lab);
      ours.client.push(between(daemon, /DHCPv6 client/, mapped));
      ours.everything.push(stamp(daemon.log()) - started);
    });
    await inLab(rapidCommit, async (lab) => {
      const daemon = await startGuarded(lab, configText());
      const text = await generateDhcpcd(lab);
      const started = Date.now();
      await lab.router.startDhcpcd({ text });
      await inForce(lab);
      theirs.client.push(stamp(daemon.log()) - started);
    });
    await inLab(rapidCommit, async (lab) => {
      const text = await generateDhcpcd(lab);
      const started = Date.now();
      const daemon = lab.router.startSixgate(configText());
      await lab.router.startDhcpcd({ text });
      await inForce(lab);
      theirs.everything.push(stamp(daemon.log()) - started);
    });
  }
  return { ours, theirs };
}

test.each([
  ['two messages (rapid commit)', true, ''],
  ['four messages', false, 'firstOffer: true'],
])('%s: in force sooner than with dhcpcd', { timeout: 240_000 }, async (what, rapidCommit, own) => {
  const { ours, theirs } = await measure(rapidCommit, own);
  rows.push([what, 'dhcpcd', 'own client', 'ratio']);
  for (const [name, key] of [
    ['start of the client -> in force, median ms', 'client'],
    ['start of everything -> in force, median ms', 'everything'],
  ] as const) {
    const [us, them] = [median(ours[key]), median(theirs[key])];
    rows.push([name, them.toFixed(0), us.toFixed(0), (us / them).toFixed(2)]);
  }
  expect(median(ours.client)).toBeLessThanOrEqual(0.8 * median(theirs.client));
});
