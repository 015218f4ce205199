import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { configText, currentPrefix, readReport, startGuarded, waitForMapping } from '../translate/following.ts';

const first = '2001:db8:a:aa80::/58';
const second = '2001:db8:b:bb80::/58';

let lab: Lab;
let directory: string;
let told: string;
beforeEach(async () => {
  lab = await Lab.start({ name: 'hooks' });
  directory = join(lab.router.shell.directory, 'hooks.d');
  told = join(lab.router.shell.directory, 'told');
  mkdirSync(directory, { mode: 0o755 });
  writeFileSync(told, '');
});
afterEach(async () => lab.stop());

function hook(name: string, script: string, mode = 0o755): void {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, mode);
}
const lines = (): string[] => readFileSync(told, 'utf8').split('\n').filter(Boolean);
const config = configText().replace(/from: dhcpcd.*?}/, 'from: hook }');
const event = async (...args: string[]): Promise<void> => {
  const done = await lab.router.sixgate('event', '--uplink', 'dsl', ...args);
  expect(done).toMatchObject({ code: 0, stderr: '' });
};
const problems = (): string[] => (readReport(lab)?.problems ?? []).map(({ message }) => message);

test('every change, in order, with what it is about; the next hook after the one before', async () => {
  const say = (who: string): string =>
    `echo "${who} $1 $SIXGATE_EVENT \${SIXGATE_UPLINK-} \${SIXGATE_INTERFACE-} \${SIXGATE_PREFIX-} \${SIXGATE_OLD_PREFIX-} \${SIXGATE_PROBLEM-}" >>'${told}'`;
  hook('10-first', `sleep 0.05; ${say('first')}`);
  hook('20-second', say('second'));
  hook('30-not.sh', say('third'));
  hook('40-not~', say('fourth'));
  hook('50-not', say('fifth'), 0o644);
  await startGuarded(lab, config);
  await waitUntil('the problem', () => lines().length === 2);
  await event('--prefix', first, '--valid', '3600');
  await waitUntil('the prefix', () => lines().length === 8);
  await event('--prefix', second, '--valid', '3600');
  await waitUntil('the change', () => lines().length === 12);
  await event('--gone');
  await waitUntil('the end', () => lines().length === 20);
  const events = [
    'problem-begun problem-begun     delegation-missing',
    `prefix-added prefix-added dsl eth0 ${first}  `,
    `uplink-up uplink-up dsl eth0 ${first}  `,
    'problem-ended problem-ended     delegation-missing',
    `prefix-added prefix-added dsl eth0 ${second}  `,
    `prefix-changed prefix-changed dsl eth0 ${second} ${first} `,
    `uplink-down uplink-down dsl eth0  ${second} `,
    `prefix-gone prefix-gone dsl eth0  ${first} `,
    `prefix-gone prefix-gone dsl eth0  ${second} `,
    'problem-begun problem-begun     delegation-missing',
  ];
  expect(lines()).toEqual(events.flatMap((each) => [`first ${each}`, `second ${each}`]));
  expect(problems()).toHaveLength(1);
});

test('one that fails is a problem until it succeeds, and holds nothing up', async () => {
  hook('50-bad', `[ -e '${told}.mended' ] || { echo cannot >&2; exit 7; }`);
  await startGuarded(lab, config);
  await event('--prefix', first);
  await waitForMapping(lab, (prefix) => prefix === first);
  await waitUntil('the problem', () => problems().some((message) => message.endsWith('exit code 7: cannot')));
  writeFileSync(`${told}.mended`, '');
  await event('--prefix', second);
  expect(await waitForMapping(lab, (prefix) => prefix === second)).toBe(true);
  await waitUntil('its end', () => problems().length === 0);
});

test(
  'one that hangs is ended with what it started, and meanwhile prefixes are followed',
  { timeout: 90_000 },
  async () => {
    hook('50-hangs', `sleep 300 & echo $! >>'${told}'; wait`);
    await startGuarded(lab, config);
    await event('--prefix', first);
    await waitForMapping(lab, (prefix) => prefix === first, 3000);
    const started = lines();
    expect(started).toHaveLength(1);
    await event('--prefix', second);
    await waitForMapping(lab, (prefix) => prefix === second, 3000);
    await waitUntil('the problem', () => problems().some((message) => message.includes('within 30 s')), {
      timeout: 40_000,
    });
    // Gone, or a zombie that nobody has waited for.
    const stat = `/proc/${started[0]}/stat`;
    expect(existsSync(stat) ? readFileSync(stat, 'utf8') : ' Z ').toContain(' Z ');
    rmSync(join(directory, '50-hangs'));
  },
);

test('what others can write is not run', async () => {
  const say = `echo ran >>'${told}'`;
  hook('10-all', say, 0o757);
  hook('20-group', say, 0o775);
  hook('30-other', say);
  chownSync(join(directory, '30-other'), 65534, 0);
  await startGuarded(lab, config);
  await event('--prefix', first);
  await waitUntil('the problems', () => problems().filter((message) => message.includes('is not run')).length === 3);
  expect(lines()).toEqual([]);
  for (const name of ['10-all', '20-group', '30-other']) rmSync(join(directory, name));
  hook('40-good', say);
  chmodSync(directory, 0o777);
  await event('--prefix', second);
  await waitUntil('the problem', () => problems().some((message) => message.includes('hooks.d is not run')));
  await pause(200);
  expect(lines()).toEqual([]);
  chmodSync(directory, 0o755);
  await event('--prefix', first);
  await waitUntil('it ran', () => lines().length > 0);
  await waitUntil('no problem', () => problems().length === 0);
  expect(currentPrefix(lab)).toBeDefined();
});
