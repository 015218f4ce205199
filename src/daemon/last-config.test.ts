import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemFiles } from '../host/system-files.ts';
import { keepConfig, readLastConfig } from './last-config.ts';
import { lastConfigPath, type Paths } from './paths.ts';

let paths: Paths;
beforeEach(() => {
  const directory = mkdtempSync(join(tmpdir(), 'sixgate-last-'));
  paths = { config: join(directory, 'config.yaml'), runtimeDir: directory, stateDir: directory };
});
afterEach(() => rmSync(paths.stateDir, { recursive: true, force: true }));

const text = (length: number): string => `# grün, "quoted"
uplinks: { dsl: { interface: eth0, prefix: { from: dhcpcd, length: ${length} } } }
networks: { home: { prefix: "fd12:3456:789a::/${length}", subnets: { lan: { id: 0, interface: eth1 } } } }
`;
const translate = { name: 'conf.d/translate.yaml', text: 'translate: [ { network: home, uplink: dsl } ]' };
const sources = (length = 58) => [{ name: 'config.yaml', text: text(length) }, translate];
const read = () => readLastConfig(systemFiles, paths);
const put = (change: (kept: Record<string, unknown>) => void): void => {
  const kept = JSON.parse(readFileSync(lastConfigPath(paths), 'utf8')) as Record<string, unknown>;
  change(kept);
  writeFileSync(lastConfigPath(paths), JSON.stringify(kept));
};

test('all files are kept as they were, for the daemon and its group', async () => {
  const keeper = keepConfig(systemFiles, paths, '1.2');
  await keeper.keep(sources(), Date.UTC(2026, 10, 28));
  const last = await read();
  expect(last).toMatchObject({ ok: true, value: { sources: sources(), since: '2026-11-28T00:00:00.000Z' } });
  expect(last.ok && last.value.config.translations).toHaveLength(1);
  expect(statSync(lastConfigPath(paths)).mode & 0o777).toBe(0o640);
});

test('the time is that of the change, also for a daemon that starts again', async () => {
  await keepConfig(systemFiles, paths, '1.2').keep(sources(), 0);
  const again = keepConfig(systemFiles, paths, '1.2');
  await again.keep(sources(), 5000);
  expect(await read()).toMatchObject({ value: { since: '1970-01-01T00:00:00.000Z' } });
  await again.keep(sources(60), 7000);
  expect(await read()).toMatchObject({ value: { since: '1970-01-01T00:00:07.000Z', sources: sources(60) } });
});

test('what could not be written is tried again', async () => {
  rmSync(paths.stateDir, { recursive: true });
  const keeper = keepConfig(systemFiles, paths, '1.2');
  const same = sources();
  await keeper.keep(same, 0);
  expect(keeper.problem()).toMatchObject({ code: 'file-unwritable' });
  await systemFiles.makeDirectory(paths.stateDir);
  await keeper.keep(same, 0);
  expect(keeper.problem()).toBeUndefined();
  expect(await read()).toMatchObject({ ok: true });
});

test.each([
  ['not there', () => rmSync(lastConfigPath(paths)), 'is not there'],
  ['cut off', () => writeFileSync(lastConfigPath(paths), '{ "schemaVersion": 1,'), 'is not JSON'],
  ['of a later form', () => put((kept) => (kept['schemaVersion'] = 2)), 'one that it understands'],
  ['of another form', () => put((kept) => (kept['sources'] = [{ name: 'a' }])), 'one that it understands'],
  [
    'with a key that this version does not have',
    () => put((kept) => (kept['sources'] = [{ name: 'config.yaml', lines: ['uplink: {}'] }])),
    /was written by sixgate 1\.2, and is wrong by now: config\.yaml:1:1: /,
  ],
])('a copy that is %s is refused', async (_name, spoil, why) => {
  await keepConfig(systemFiles, paths, '1.2').keep(sources(), 0);
  spoil();
  const last = await read();
  expect(last).toMatchObject({ ok: false, problem: { code: 'config-not-kept' } });
  expect(!last.ok && last.problem.message).toMatch(why);
});

test('one that is refused is replaced by what comes into force', async () => {
  writeFileSync(lastConfigPath(paths), '{}');
  await keepConfig(systemFiles, paths, '1.2').keep(sources(), 0);
  expect(await read()).toMatchObject({ ok: true });
});
