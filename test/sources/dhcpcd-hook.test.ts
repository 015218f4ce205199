import { spawnSync } from 'node:child_process';
import {
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEventDirectory, type EventDirectory } from '../../src/daemon/sources/event-directory.ts';
import { compileDhcpcdHook } from '../../src/generate/uplink/dhcpcd-hook.ts';
import { systemHost } from '../../src/host/system-host.ts';

let directory: string;
let events: string;
let hook: string;
let reader: EventDirectory | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sixgate-hook-'));
  events = join(directory, "run, it's here/events");
  hook = join(directory, 'hook');
  writeFileSync(hook, compileDhcpcdHook(events), { mode: 0o755 });
});

afterEach(() => {
  reader?.stop();
  reader = undefined;
  rmSync(directory, { recursive: true, force: true });
});

const expectQuiet = (env: Record<string, string>, argv = ['/bin/sh', hook]): void => {
  const done = spawnSync(argv[0]!, argv.slice(1), { env, encoding: 'utf8' });
  expect([done.status, done.stdout, done.stderr]).toEqual([0, '', '']);
};

/** When what was told is kept. */
let kept = Promise.resolve();

function read(): { heard: string[]; ages: number[]; refused: string[] } {
  const seen = { heard: [] as string[], ages: [] as number[], refused: [] as string[] };
  reader = startEventDirectory({
    host: systemHost,
    directory: events,
    onEnvironment(text, age) {
      seen.heard.push(text);
      seen.ages.push(age);
    },
    onRefused: ({ message }) => void seen.refused.push(message),
    kept: () => kept,
  });
  return seen;
}

test('the hook in packaging is the generated one', () => {
  const packaged = readFileSync(new URL('../../packaging/dhcpcd-hook', import.meta.url), 'utf8');
  expect(packaged).toBe(compileDhcpcdHook('/run/sixgate/events'));
});

test.each([['sh'], ['dash'], ['bash']])('%s: finds nothing wrong', (shell) => {
  const done = spawnSync('shellcheck', ['-s', shell, hook], { encoding: 'utf8' });
  expect(done.stdout).toBe('');
  expect(done.status).toBe(0);
});

describe('the hook', () => {
  test('makes the directory, for root alone, and leaves its environment as it is', () => {
    const value = `$(touch ${directory}/harm) \`touch ${directory}/harm\`\n;"'\\ *`;
    expectQuiet({ reason: 'BOUND6', interface: 'eth0', new_evil: value });
    expect(statSync(events).mode & 0o777).toBe(0o700);
    expect(statSync(join(events, '..')).mode & 0o777).toBe(0o755);
    const [name, ...others] = readdirSync(events);
    expect(others).toEqual([]);
    expect(statSync(join(events, name!)).mode & 0o777).toBe(0o640);
    expect(readFileSync(join(events, name!), 'utf8').split('\0')).toContain(`new_evil=${value}`);
    expect(readdirSync(directory).toSorted()).toEqual(['hook', "run, it's here"]);
  });

  test('sourced by another script it changes nothing there and does not end it', () => {
    const script = `set -eu; PATH=/nowhere; events=mine; . ${hook}; [ "$events" = mine ]; [ "$PATH" = /nowhere ]`;
    expectQuiet({ reason: 'RENEW6' }, ['/bin/sh', '-c', script]);
    expect(readdirSync(events)).toHaveLength(1);
  });

  test('never fills the disk: 64 stay, the latest', () => {
    for (let index = 0; index < 80; index++) expectQuiet({ reason: `N${index}` });
    const reasons = readdirSync(events)
      .toSorted()
      .map((name) => /reason=(\w+)/.exec(readFileSync(join(events, name), 'utf8'))?.[1]);
    expect(reasons).toEqual(Array.from({ length: 64 }, (_, index) => `N${index + 16}`));
  });

  test('ends well where nothing can be written', () => {
    writeFileSync(hook, compileDhcpcdHook('/proc/none/events'));
    expectQuiet({ reason: 'BOUND6' });
  });
});

describe('the directory of events', () => {
  test('leftovers first and in order, then what comes, each removed', async () => {
    expectQuiet({ reason: 'FIRST' });
    expectQuiet({ reason: 'SECOND' });
    const seen = read();
    await reader!.started;
    expectQuiet({ reason: 'THIRD' });
    await expect
      .poll(() => seen.heard.map((text) => /reason=(\w+)/.exec(text)?.[1]))
      .toEqual(['FIRST', 'SECOND', 'THIRD']);
    expect(Math.max(...seen.ages)).toBeLessThan(2);
    await expect.poll(() => readdirSync(events)).toEqual([]);
    expect(seen.refused).toEqual([]);
  });

  test('each stays until what it said is kept, and is told once', async () => {
    let keep = (): void => {};
    kept = new Promise((resolve) => (keep = resolve));
    expectQuiet({ reason: 'FIRST' });
    const seen = read();
    await reader!.started;
    expectQuiet({ reason: 'SECOND' });
    await expect.poll(() => seen.heard).toHaveLength(2);
    expect(readdirSync(events)).toHaveLength(2);
    keep();
    await expect.poll(() => readdirSync(events)).toEqual([]);
    expect(seen.heard).toHaveLength(2);
  });

  test('it is watched again after it was removed and made anew', async () => {
    const seen = read();
    await reader!.started;
    rmSync(join(events, '..'), { recursive: true });
    await new Promise((resolve) => void setTimeout(resolve, 100));
    expectQuiet({ reason: 'AGAIN' });
    await expect.poll(() => seen.heard.length, { timeout: 3000 }).toBe(1);
  });

  test('refused: links, pipes, directories, huge files, files of others, names that are not the hook’s', async () => {
    mkdirSync(events, { recursive: true });
    const secret = join(directory, 'secret');
    writeFileSync(secret, 'reason=BOUND6\0');
    const name = (index: number): string => join(events, `00000000000${index}-0000000001`);
    const target = join(directory, 'target');
    writeFileSync(target, 'reason=BOUND6\0');
    symlinkSync(target, name(1));
    linkSync(secret, name(2));
    expect(spawnSync('mkfifo', [name(3)]).status).toBe(0);
    mkdirSync(name(4));
    writeFileSync(name(5), Buffer.alloc(2 * 1024 * 1024));
    writeFileSync(name(6), 'reason=BOUND6\0');
    chownSync(name(6), 65534, 65534);
    writeFileSync(join(events, '$(reboot)\n'), 'reason=BOUND6\0');
    writeFileSync(name(7), 'reason=GOOD\0');
    const seen = read();
    await expect.poll(() => seen.heard).toEqual(['reason=GOOD\0']);
    await expect.poll(() => seen.refused.length).toBe(7);
    // A directory is not removed, and told once.
    await expect.poll(() => readdirSync(events)).toEqual(['000000000004-0000000001']);
    expect(readFileSync(secret, 'utf8')).toBe('reason=BOUND6\0');
  });
});

test('who may write in the directory cannot make the hook write elsewhere, nor hold it up', () => {
  mkdirSync(events, { recursive: true });
  const target = join(directory, 'target');
  writeFileSync(target, 'as it was');
  // The names of the next two seconds for the process that becomes the hook: some lead to a file, some to none, some wait for a reader.
  const script = `
    read -r up _ </proc/uptime
    up=$(printf %s "$up" | tr -d .)
    count=0
    while [ $count -lt 200 ]; do
      name=$(printf '%s/.%012d-%010d' "$0" $((up + count)) $$)
      case $((count % 3)) in
        0) ln -s "$1" "$name" ;;
        1) ln -s "$1.new" "$name" ;;
        2) ln -s /dev/null "$name" ;;
      esac
      count=$((count + 1))
    done
    exec /bin/sh "$2"`;
  const done = spawnSync('/bin/sh', ['-c', script, events, target, hook], {
    env: { reason: 'RENEW6' },
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect([done.status, done.stdout]).toEqual([0, '']);
  expect(readFileSync(target, 'utf8')).toBe('as it was');
  expect(readdirSync(directory)).not.toContain('target.new');
});
