import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseDuid, type Duid } from '../../core/duid.ts';
import type { OwnClientSource } from '../../engine/config.ts';
import type { Host } from '../../host/host.ts';
import { systemHost } from '../../host/system-host.ts';
import { readIdentity } from './dhcpv6-identity.ts';

const source: OwnClientSource = {
  from: 'dhcpv6',
  ias: 1,
  iaid: 1,
  stateless: false,
  rapidCommit: true,
  firstOffer: false,
  release: false,
};
const mac = 0x02005e100001n;
const linkLayer = '00:03:00:01:02:00:5e:10:00:01';

let stateDir: string;
let log: string[];
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'sixgate-duid-'));
  log = [];
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

async function identity(change: Partial<OwnClientSource> = {}, address: bigint | null = mac): Promise<string> {
  const now = Date.UTC(2026, 10, 23, 10);
  const host: Host = { ...systemHost, clock: { ...systemHost.clock, now: () => now } };
  const say = (line: string): void => void log.push(line);
  const read = await readIdentity(
    { ...source, ...change },
    {
      host,
      paths: { config: '', runtimeDir: '', stateDir },
      interface: 'eth0',
      ...(address !== null && { mac: address }),
      random: (length) => new Uint8Array(length).fill(0xab),
      log: { info: say, warn: say, error: say },
    },
  );
  return read.ok ? read.value : `${read.problem.code}: ${read.problem.message}`;
}
const known = (text: string): Duid => {
  const read = parseDuid(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
};

test('made once of time and MAC address, and stored: it stays when the interface is another one', async () => {
  const made = await identity();
  expect(made).toBe('00:01:00:01:32:96:cb:20:02:00:5e:10:00:01');
  expect(readFileSync(join(stateDir, 'duid'), 'utf8')).toBe(`${made}\n`);
  expect(await identity({}, 0x02005e109999n)).toBe(made);
  expect(await identity({}, null)).toBe(made);
  expect(log).toEqual([]);
});

test('two uplinks that start together are one client', async () => {
  const [one, other] = await Promise.all([identity(), identity({}, 0x02005e109999n)]);
  expect(one).toBe(other);
});

test('on a line without MAC addresses it is made at random', async () => {
  expect(await identity({}, null)).toMatch(/^00:04(:[0-9a-f]{2}){16}$/);
});

test('the one of the configuration counts, and nothing is stored', async () => {
  expect(await identity({ duid: known('00:02:00:00:ab:11:01') })).toBe('00:02:00:00:ab:11:01');
  expect(await identity({ stateless: true })).toBe(linkLayer);
  expect(() => readFileSync(join(stateDir, 'duid'))).toThrow(/ENOENT/);
});

test('stateless without a MAC address is a problem with its mend', async () => {
  expect(await identity({ stateless: true }, null)).toBe(
    'client-missing: eth0 has no MAC address, so there is no identity for a stateless client',
  );
});

test('what is stored and is no DUID is told, and made anew', async () => {
  writeFileSync(join(stateDir, 'duid'), 'eth0\n');
  expect(await identity()).toMatch(/^00:01:00:01:/);
  expect(log).toEqual([expect.stringMatching(/duid is not used: "eth0" is not a DUID/)]);
});

test('where it can’t be read or stored, it is one that is the same at the next start', async () => {
  mkdirSync(join(stateDir, 'duid'));
  expect(await identity()).toBe(linkLayer);
  rmSync(stateDir, { recursive: true });
  expect(await identity()).toBe(linkLayer);
  expect(log).toHaveLength(2);
});
