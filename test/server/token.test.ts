import { chmodSync, chownSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sixgate } from '../cli/sixgate.ts';
import { EventReader } from './event-reader.ts';
import { RunningServer, scratchDirectory } from './running-server.ts';

/** Whom a server becomes that root starts. */
const nobody = 65_534;
const asRoot = process.getuid?.() === 0;

let directory: string;
let file: string;
let server: RunningServer;
const token = () => readFileSync(file, 'utf8').trim();
const bearer = (shown = token()) => ({ authorization: `Bearer ${shown}` });
beforeEach(async () => {
  directory = scratchDirectory();
  file = join(directory, 'token');
  sixgate(['serve', 'rotate-token', '--token-file', file]);
  if (asRoot) chownSync(file, nobody, nobody);
  server = await RunningServer.start(['--listen', '0.0.0.0:0', '--token-file', file], directory);
  server.url = server.url.replace('0.0.0.0', '127.0.0.1');
  server.report();
});
afterEach(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

test('the token is long, random, and for its owner alone', () => {
  expect(sixgate(['serve', 'rotate-token', '--token-file', join(directory, 'new')])).toMatchObject({
    code: 0,
    stdout: '',
  });
  expect(token()).toMatch(/^[\w-]{43}$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test.each(['/api/status', '/api/events', '/metrics', '/api/trace?address=::1', '/', '/api/session', '/nothing'])(
  '%s is for those with a token',
  async (path) => {
    expect((await server.ask(path)).status).toBe(401);
    expect((await server.ask(path, { headers: bearer('x'.repeat(43)) })).status).toBe(401);
    expect((await server.ask(path, { headers: { authorization: `Basic ${token()}` } })).status).toBe(401);
    expect((await server.ask(path, { headers: { cookie: 'sixgate-session=9999999999.x' } })).status).toBe(401);
    expect((await server.ask(path, { headers: { cookie: `sixgate-session=${token()}` } })).status).toBe(401);
    const answer = await server.ask(path, { headers: bearer() });
    expect(answer.status).not.toBe(401);
    await answer.body?.cancel();
  },
);

test('whether it lives may be asked by everybody', async () => {
  expect((await server.ask('/healthz')).status).toBe(200);
});

test('a browser is led to the login, which makes a cookie of the token', async () => {
  const led = await server.ask('/', { headers: { accept: 'text/html' } });
  expect([led.status, led.headers.get('location')]).toEqual([303, '/login']);
  for (const path of ['/login', '/login.js', '/login.css']) expect((await server.ask(path)).status).toBe(200);
  const session = await server.ask('/api/session', { headers: bearer() });
  expect(session.status).toBe(204);
  const cookie = session.headers.get('set-cookie')!;
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
  expect(cookie).not.toContain(token());
  const headers = { cookie: cookie.split(';')[0]! };
  expect((await server.ask('/api/status', { headers })).status).toBe(200);
  expect((await server.ask('/api/session', { headers })).headers.get('set-cookie')).toBeNull();
  const later = headers.cookie.replace(/=(\d)/, (_, digit) => `=${Number(digit) + 1}`);
  expect((await server.ask('/api/status', { headers: { cookie: later } })).status).toBe(401);
  const secure = await server.ask('/api/session', { headers: { ...bearer(), 'x-forwarded-proto': 'https' } });
  expect(secure.headers.get('set-cookie')).toMatch(/; Secure$/);
});

test('a new token is asked for within seconds, and ends what the old one opened', async () => {
  const old = bearer();
  const cookie = (await server.ask('/api/session', { headers: old })).headers.get('set-cookie')!.split(';')[0]!;
  const events = await EventReader.open(`${server.url}/api/events`, old);
  expect(await events.next()).toMatchObject({ event: 'status' });
  expect(sixgate(['serve', 'rotate-token', '--token-file', file]).code).toBe(0);
  expect(statSync(file)).toMatchObject(asRoot ? { uid: nobody, gid: nobody } : {});
  await expect
    .poll(async () => (await server.ask('/api/status', { headers: bearer() })).status, { timeout: 4000 })
    .toBe(200);
  expect((await server.ask('/api/status', { headers: old })).status).toBe(401);
  expect((await server.ask('/api/status', { headers: { cookie } })).status).toBe(401);
  expect(await events.next()).toBeUndefined();
  expect(server.said).toContain('has another token');
});

test('while the file is not in order nobody is let in', async () => {
  const before = bearer();
  rmSync(file);
  await expect
    .poll(async () => (await server.ask('/api/status', { headers: before })).status, { timeout: 4000 })
    .toBe(401);
  expect(server.said).toContain('cannot be read');
  expect((await server.ask('/api/status', { headers: { authorization: 'Bearer null' } })).status).toBe(401);
  expect((await server.ask('/healthz')).status).toBe(200);
});

test('who tries tokens is slowed down', async () => {
  const wrong = async () => (await server.ask('/api/status', { headers: bearer('y'.repeat(43)) })).status;
  let tries = 0;
  while ((await wrong()) === 401) expect(++tries).toBeLessThan(200);
  const since = performance.now();
  let more = 0;
  while (performance.now() - since < 1500) if ((await wrong()) === 401) more++;
  // 300 requests a second are given from loopback, of which each try takes 41.
  expect(more).toBeLessThan(30);
});

test.each([
  [['--listen', '[::]:0'], 2, 'listen-open'],
  [['--listen', '0.0.0.0:0'], 2, 'listen-open'],
  [['--listen', '[::1]:0', '--listen', '[::]:0'], 2, 'listen-open'],
])('%j without a token is refused', (args, code) => {
  const ended = sixgate(['serve', ...args]);
  expect(ended).toMatchObject({ code, stdout: '' });
  expect(ended.stderr).toMatch(/without a token everybody there would be let in\n.*--token-file FILE/);
});

test.each([
  ['too short', 'short', 0o600, /32 or more/],
  ['with a blank in it', `${'a'.repeat(20)} ${'b'.repeat(20)}`, 0o600, /32 or more/],
  ['empty', '', 0o600, /32 or more/],
  ['open to everybody', 'c'.repeat(43), 0o604, /read by everybody.*\n.*chmod 600/],
])('a token that is %s is refused', (_, text, mode, message) => {
  const other = join(directory, 'other');
  writeFileSync(other, `${text}\n`);
  if (asRoot) chownSync(other, nobody, nobody);
  chmodSync(other, mode);
  const ended = sixgate(['serve', '--listen', '[::1]:0', '--token-file', other]);
  expect(ended.code).toBe(78);
  expect(ended.stderr).toMatch(message);
});

test('a token that the server may not read later is refused at once', () => {
  const other = join(directory, 'other');
  if (!asRoot) return expect(existsSync(other)).toBe(false);
  expect(sixgate(['serve', 'rotate-token', '--token-file', other]).code).toBe(0);
  const ended = sixgate(['serve', '--listen', '[::1]:0', '--token-file', other]);
  expect(ended.code).toBe(78);
  expect(ended.stderr).toContain('as nobody');
  expect(ended.stderr).toContain(`chown nobody ${other}`);
});
