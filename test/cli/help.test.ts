import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { executable, sixgate } from './sixgate.ts';

/** What a terminal of this size shows. */
function onTerminal(args: readonly string[], rows: number): string[] {
  const command = `stty cols 80 rows ${rows}; '${executable}' ${args.join(' ')}`;
  const { stdout } = spawnSync('script', ['--quiet', '--command', command, '/dev/null'], {
    encoding: 'utf8',
    env: { ...process.env, TERM: 'linux', SHELL: '/bin/sh' },
  });
  // eslint-disable-next-line no-control-regex
  const plain = stdout.replaceAll(/\u001b\[[0-9;?]*[a-zA-Z]/g, '').replaceAll('\r', '');
  return plain.replace(/\n$/, '').split('\n');
}

const names = (args: readonly string[]): string[] => {
  const [, listed = ''] = sixgate([...args, '--help']).stdout.split('Commands:\n');
  return [...listed.matchAll(/^ {2}([a-z0-9][a-z0-9-]*) /gm)].map((match) => match[1]!);
};
const all = (path: readonly string[]): string[][] => [
  [...path],
  ...names(path).flatMap((name) => all([...path, name])),
];
const commands = all([]);

test('every command is found', () => {
  expect(commands.map((path) => path.join(' '))).toEqual(
    expect.arrayContaining(['init', 'try', 'generate failover', 'xen vif', 'doctor']),
  );
});

test.each(commands.map((path) => [path.join(' '), path] as const))('"%s" --help fits a screen', (_, path) => {
  const lines = onTerminal([...path, '--help'], 24);
  expect(lines[0]).toContain('Usage: sixgate');
  // The prompt has the last one.
  expect(lines.length).toBeLessThanOrEqual(23);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  // Every option is named, also where there is no room to explain it.
  const whole = sixgate([...path, '--help']).stdout;
  const options = [...whole.matchAll(/^ {2}(?:-\w, )?(--[a-z0-9-]+)/gm)].map((match) => match[1]!);
  const shown = lines.join('\n');
  expect(options.filter((option) => !shown.includes(option) && option !== '--help')).toEqual([]);
});

test('a larger screen has room for all of it', () => {
  const whole = sixgate(['generate', 'failover', '--help']).stdout;
  expect(onTerminal(['generate', 'failover', '--help'], 70).join('\n')).toBe(whole.trimEnd());
});
