import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { executable, sixgate } from './sixgate.ts';

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  version: string;
};
const scratch = mkdtempSync(join(tmpdir(), 'sixgate-cli-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** A copy of bin/ with a dist/ of our own. */
function copyOfBin(name: string, main?: string): string {
  const directory = join(scratch, name);
  cpSync(join(executable, '..'), join(directory, 'bin'), { recursive: true });
  if (main !== undefined) {
    mkdirSync(join(directory, 'dist'));
    writeFileSync(join(directory, 'dist', 'main.cjs'), main);
  }
  return join(directory, 'bin', 'sixgate');
}

const help = sixgate(['--help']);
const commands = [...help.stdout.matchAll(/^ {2}([a-z]+) /gm)]
  .map((match) => match[1]!)
  .filter((name) => name !== 'help');

test('--help names the commands, on standard output', () => {
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(commands).toEqual(expect.arrayContaining(['address', 'map', 'ula']));
});

test.each(commands)('%s has --help and --version', (command) => {
  const shown = sixgate([command, '--help']);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toContain(`Usage: sixgate ${command}`);
  expect(sixgate([command, '--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  expect(sixgate(['help', command]).stdout).toBe(shown.stdout);
});

test('--version is that of the package', () => {
  expect(sixgate(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  expect(sixgate(['-V']).stdout).toBe(`${version}\n`);
});

test.each([
  [[]],
  [['adress', '::1']],
  [['address']],
  [['address', '--nonsense', '::1']],
  [['map', '::1', '--inside', 'fd00::/48']],
  [['map', '::1', '--inside', 'fd00::/48', '--outside', '2001:db8::/48', '--mode', 'both']],
  [['ula', 'more']],
])('exit code 2 and a message for %j', (args) => {
  const ended = sixgate(args);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).not.toBe('');
  expect(ended.stderr).not.toContain('this is a bug');
});

test('a misspelt command is recognized', () => {
  expect(sixgate(['adress']).stderr).toContain('Did you mean address?');
});

test('global options stand before or after the command', () => {
  expect(JSON.parse(sixgate(['--json', 'ula']).stdout)).toHaveProperty('prefix');
  expect(JSON.parse(sixgate(['ula', '--json']).stdout)).toHaveProperty('prefix');
});

test('a reader that goes away is no error', () => {
  const many = Array.from({ length: 60_000 }, (_, index) => `fd00::${index.toString(16)}`).join('\n');
  const shell = spawnSync('bash', ['-c', 'set -o pipefail; "$0" address - | head -n 1', executable], {
    input: many,
    encoding: 'utf8',
  });
  expect(shell).toMatchObject({ status: 0, stderr: '' });
  expect(shell.stdout).toMatch(/^fd00:: /);
});

test('output through a pipe has no colours, on a terminal it has, unless NO_COLOR says otherwise', () => {
  const inTerminal = (setting: string): string =>
    spawnSync('script', ['-qec', `${setting} "${executable}" address fd00::1`, '/dev/null'], {
      encoding: 'utf8',
      env: { ...process.env, TERM: 'xterm', NO_COLOR: '' },
    }).stdout;
  expect(sixgate(['address', 'fd00::1']).stdout).not.toContain('\u001b');
  expect(inTerminal('')).toContain('\u001b[1mfd00::1');
  expect(inTerminal('NO_COLOR=1')).toMatch(/^fd00::1 {2}unique local/);
});

test('without the bundles it says how to make them', () => {
  const { status, stderr } = spawnSync(copyOfBin('unbuilt'), ['ula'], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('npm ci && npm run build');
});

test('an old Node is told so', () => {
  const old = join(scratch, 'old.cjs');
  writeFileSync(
    old,
    "Object.defineProperty(process, 'version', { value: 'v16.20.0' });\nObject.defineProperty(process.versions, 'node', { value: '16.20.0' });\n",
  );
  const { status, stderr } = spawnSync(process.execPath, ['--require', old, executable, 'ula'], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toBe('sixgate: needs Node 18 or newer, this is v16.20.0\n');
});

test.each([
  ['thrown', 'throw new TypeError("of ours");'],
  ['in a promise', 'Promise.reject(new TypeError("of ours")); setTimeout(() => {}, 1000);'],
  ['later', 'setTimeout(() => { throw new TypeError("of ours"); }, 1); setTimeout(() => {}, 1000);'],
])('a bug %s ends with 70 and asks for a report', (name, bug) => {
  const main = readFileSync(join(executable, '../../dist/main.cjs'), 'utf8');
  // `ula` is done at once; here it waits, as the daemon does.
  const waiting = main.replace('exitCode=printUla(', 'exitCode=await printUla(');
  expect(waiting).not.toBe(main);
  const bin = copyOfBin(name, waiting);
  // In the place of what prints the prefix.
  writeFileSync(
    join(bin, '../../dist/print-ula.cjs'),
    `exports.printUla = () => { ${bug} return new Promise(() => {}); };`,
  );
  const { status, stdout, stderr } = spawnSync(bin, ['ula'], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 70, stdout: '' });
  expect(stderr).toContain(`this is a bug in sixgate ${version}`);
  expect(stderr).toContain('TypeError: of ours');
  expect(stderr).toContain('Please report it');
});
