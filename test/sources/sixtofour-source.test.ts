import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { configText, currentPrefix, readReport, startGuarded, waitForMapping } from '../translate/following.ts';

// This kernel has no sit device: what is shown is that the mapping follows the IPv4 address, not the tunnel.

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.start({ name: 'sixtofour' });
});
afterEach(async () => lab.stop());

const config = (prefix: string): string => configText().replace(/prefix: \{ from: dhcpcd.*\}/, `prefix: ${prefix}`);
const ip = (...args: string[]): Promise<string> => lab.exec('router', ['ip', ...args]);

test('the prefix of a fixed public address is in force at once', async () => {
  await startGuarded(lab, config('{ from: 6to4, ipv4: 203.0.113.4 }'));
  expect(currentPrefix(lab)).toBe('2002:cb00:7104::/58');
});

test('the address of an interface is followed: it comes, changes, goes, is private', async () => {
  await startGuarded(lab, config('{ from: 6to4, of: line0 }'));
  await waitUntil('the problem', () => readReport(lab)!.problems.some(({ message }) => message.includes('line0')));
  expect(currentPrefix(lab)).toBeUndefined();

  await ip('link', 'add', 'line0', 'type', 'veth', 'peer', 'name', 'line1');
  await ip('link', 'set', 'line0', 'up');
  await ip('address', 'add', '203.0.113.4/32', 'dev', 'line0');
  await waitForMapping(lab, (prefix) => prefix === '2002:cb00:7104::/58');
  expect(readReport(lab)!.problems).toEqual([]);

  await ip('address', 'add', '198.51.100.7/32', 'dev', 'line0');
  await ip('address', 'delete', '203.0.113.4/32', 'dev', 'line0');
  await waitForMapping(lab, (prefix) => prefix === '2002:c633:6407::/58');
  expect(readReport(lab)!.mappings).toHaveLength(1);

  await ip('address', 'delete', '198.51.100.7/32', 'dev', 'line0');
  await waitUntil('the problem', () =>
    readReport(lab)!.problems.some(({ message }) => message.includes('it has none')),
  );
  expect(currentPrefix(lab)).toBe('2002:c633:6407::/58');

  await ip('address', 'add', '10.0.0.4/32', 'dev', 'line0');
  await waitUntil('the reason', () => readReport(lab)!.problems.some(({ message }) => message.includes('is private')));
});
