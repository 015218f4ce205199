import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { executable, sixgate } from '../cli/sixgate.ts';
import { RunningServer, scratchDirectory } from './running-server.ts';

/** systemd-socket-activate cannot be told to take any that is free. */
const port = 20_000 + (process.pid % 10_000);
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
async function start(args?: readonly string[]): Promise<RunningServer> {
  const server = await RunningServer.start(args);
  stops.push(() => server.stop());
  return server;
}
const field = (pid: number, name: string) =>
  new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];

test('root becomes nobody for good: no group, no capability', async () => {
  if (process.getuid?.() !== 0) return;
  const server = await start();
  const pid = server.child.pid!;
  expect(server.said).toContain('it goes on as nobody, without privileges');
  expect(field(pid, 'Uid')!.split('\t')).toEqual(['65534', '65534', '65534', '65534']);
  expect(field(pid, 'Gid')!.split('\t')).toEqual(['65534', '65534', '65534', '65534']);
  expect(field(pid, 'Groups')!.trim()).toBe('65534');
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) expect(field(pid, set)).toMatch(/^0+$/);
});

test.each([
  ['nobody-of-that-name', /there is no user "nobody-of-that-name"/],
  ['root', /the user "root" is root/],
  ['-x', /there is no user/],
])('root cannot go on as %s', (user, message) => {
  if (process.getuid?.() !== 0) return;
  const ended = sixgate(['serve', '--listen', '[::1]:0', '--user', user]);
  expect(ended.code).toBe(77);
  expect(ended.stderr).toMatch(message);
});

test('somebody with capabilities is refused, but for the one that opens low ports', async () => {
  if (process.getuid?.() !== 0) return;
  const asUser = (capability: string, port: string) =>
    `setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+${capability} --ambient-caps=+${capability} ` +
    `timeout 3 '${process.execPath}' '${executable}' serve --listen '[::1]:${port}'`;
  const run = async (command: string) => {
    const child = spawn('sh', ['-c', command]);
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    return { code: await new Promise((resolve) => child.on('exit', resolve)), said };
  };
  const refused = await run(asUser('net_admin', '0'));
  expect(refused.code).toBe(77);
  expect(refused.said).toContain('this process has capabilities');
  expect((await run(asUser('net_bind_service', '0'))).said).toContain('listening on');
});

test('a port that is taken is told with its mend', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '::1', resolve));
  const { port: taken } = other.address() as { port: number };
  const ended = sixgate(['serve', '--listen', `[::1]:${taken}`]);
  other.close();
  expect(ended).toMatchObject({ code: 75, stdout: '' });
  expect(ended.stderr).toMatch(/another program listens on \[::1\]:\d+ already\n.*ss -ltnp/);
});

test.each([
  [['--listen', 'localhost:1'], 2, /"localhost" is no address/],
  [['--listen', '[fe80::1%nosuch0]:0', '--token-file', '/dev/null'], 75, /cannot listen on \[fe80::1%nosuch0\]:0/],
  [['--site', '/dev/null'], 1, /\/dev\/null could not be read/],
  [['more'], 2, /too many arguments|unknown command/],
])('%j: %d', (args, code, message) => {
  const ended = sixgate(['serve', ...args]);
  expect(ended).toMatchObject({ code, stdout: '' });
  expect(ended.stderr).toMatch(message);
});

test('several places, and by the names that were given', async () => {
  const server = await start(['--listen', '[::1]:0', '--listen', '127.0.0.1:0', '--host', 'Router.example']);
  const urls = () => [...server.said.matchAll(/listening on (http:\S+)\/$/gm)].map(([, url]) => url!);
  await expect.poll(urls).toHaveLength(2);
  for (const url of urls()) expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const { get } = await import('node:http');
  const status = (host: string) =>
    new Promise((resolve) =>
      get(`${server.url}/healthz`, { headers: { host } }, (answer) => resolve(answer.statusCode)),
    );
  expect(await status('router.example')).toBe(200);
  expect(await status('other.example')).toBe(421);
});

test('a socket that systemd opened is taken over', async () => {
  const directory = scratchDirectory();
  const socket = join(directory, 'web.sock');
  const child = spawn(
    'systemd-socket-activate',
    ['-l', `[::1]:${port}`, '-l', socket, executable, 'serve', '--runtime-dir', directory],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const ended = new Promise((resolve) => child.on('exit', resolve));
  stops.push(async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(directory, { recursive: true });
  });
  const ask = async () => (await fetch(`http://[::1]:${port}/healthz`).catch(() => undefined))?.status;
  await expect.poll(ask, { timeout: 5000 }).toBe(200);
  await expect.poll(() => said).toContain(`listening on http://[::1]:${port}/`);
  expect(said).toContain('listening on the Unix socket that was handed down');
  const { request } = await import('node:http');
  const answer = await new Promise<number | undefined>((resolve, reject) => {
    const asked = request({ socketPath: socket, path: '/healthz', headers: { host: 'localhost' } });
    asked.on('response', (response) => resolve(response.statusCode));
    asked.on('error', reject);
    asked.end();
  });
  expect(answer).toBe(200);
}, 15_000);

test('a socket that systemd opened to all needs a token as well', async () => {
  const child = spawn('systemd-socket-activate', ['-l', `[::]:${port + 1}`, executable, 'serve']);
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await expect
    .poll(
      async () => {
        await fetch(`http://[::1]:${port + 1}/healthz`).catch(() => undefined);
        return said;
      },
      { timeout: 5000 },
    )
    .toContain('can be reached from other machines');
  expect(await ended).toBe(2);
}, 15_000);
