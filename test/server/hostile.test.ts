import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RawConnection } from './raw-connection.ts';
import { RunningServer } from './running-server.ts';

let server: RunningServer;
beforeEach(async () => {
  server = await RunningServer.start();
  server.report();
});
afterEach(async () => {
  // Whatever was done to it: it answers, and it ends in order.
  const { status: health } = await server.ask('/healthz');
  const code = await server.stop();
  if (health !== 200 || code !== 0 || /bug|Error/.test(server.said)) {
    throw new Error(`afterwards: ${health}, exit code ${code}, ${server.said}`);
  }
});
const open = () => new RawConnection(server.port);
const get = (path: string, ...headers: string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n');
const status = async (text: string | Uint8Array) => {
  const connection = open().send(text);
  const [code] = await connection.statuses();
  connection.close();
  return code;
};

test.each([
  'Host: evil.example',
  'Host: localhost.evil.example',
  'Host: [2001:db8::1]',
  'Host: localhost\r\nHost: localhost',
  'Host: ',
])('not called so: %j', async (header) => {
  expect(await status(`GET /api/status HTTP/1.1\r\n${header}\r\n\r\n`)).toBe(421);
});

test('no Host at all, in HTTP/1.1 and 1.0', async () => {
  expect(await status('GET / HTTP/1.1\r\n\r\n')).toBe(400);
  expect(await status('GET / HTTP/1.0\r\n\r\n')).toBe(421);
});

test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])('%s is not answered', async (method) => {
  const connection = open().send(`${method} /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  expect(await connection.statuses()).toEqual([405]);
  expect(connection.received.toLowerCase()).toContain('\r\nallow: get, head\r\n');
  connection.close();
});

test('HEAD has the headers of GET and no body', async () => {
  const connection = open().send(get('/healthz', 'Connection: close').replace('GET', 'HEAD'));
  const answer = await connection.end();
  expect(answer).toMatch(/^HTTP\/1.1 200/);
  expect(answer.toLowerCase()).toContain('content-length: 3\r\n');
  expect(answer.endsWith('\r\n\r\n')).toBe(true);
});

test.each([
  '/../package.json',
  '/..%2fpackage.json',
  '/%2e%2e/%2e%2e/etc/passwd',
  '//etc/passwd',
  '/./index.html/../../main.cjs',
  '/main.cjs',
  '/\\..\\main.cjs',
  '/__proto__',
  '/constructor',
  '/api/status/',
  '/API/STATUS',
])('%s is not there', async (path) => expect(await status(get(path))).toBe(404));

test.each(['http://localhost/', '*', 'localhost:1'])('the target %s is no path', async (target) => {
  expect(await status(get(target))).toBe(400);
});

test.each([
  ['a header of 1 MB', () => get('/', `X: ${'x'.repeat(1 << 20)}`), 431],
  ['20 kB of small headers', () => get('/', ...Array.from({ length: 2500 }, (_, index) => `X${index}: y`)), 431],
  ['an address of 1 MB', () => get(`/${'x'.repeat(1 << 20)}`), 431],
  ['an address of 3000 bytes', () => get(`/${'x'.repeat(3000)}`), 414],
  ['a method that is none', () => 'GRAB / HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['a header with a bare line feed', () => 'GET / HTTP/1.1\nHost: localhost\n\n', 400],
  ['two lengths', () => get('/', 'Content-Length: 1', 'Content-Length: 2'), 400],
  ['a length and chunks', () => get('/', 'Content-Length: 1', 'Transfer-Encoding: chunked'), 400],
  ['a TLS greeting', () => Buffer.from('1603010200010001fc0303', 'hex'), 400],
  ['HTTP/2 by prior knowledge', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
])('%s', async (_, text, expected) => {
  expect(await status(text())).toBe(expected);
});

test('CONNECT and upgrades open nothing', async () => {
  expect(await open().send('CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n').end()).not.toMatch(
    /^HTTP\/1.1 2/,
  );
  expect(await status(get('/healthz', 'Connection: Upgrade', 'Upgrade: websocket'))).toBe(200);
});

test('a body is not read: the answer comes and the connection ends', async () => {
  const connection = open().send('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n');
  const more = setInterval(() => connection.send('x'.repeat(65_536)), 5);
  expect(await connection.end(5000)).toMatch(/^HTTP\/1.1 405/);
  clearInterval(more);
  const chunked = open().send(get('/healthz', 'Transfer-Encoding: chunked'));
  expect(await chunked.end(5000)).toMatch(/^HTTP\/1.1 200/);
});

test('who never comes to the end of a request is cut off', async () => {
  const silent = open();
  const slow = open().send('GET / HTTP/1.1\r\nHost: localhost\r\n');
  const drip = setInterval(() => slow.send('X: y\r\n'), 200);
  const answer = await slow.end(12_000);
  clearInterval(drip);
  expect(answer).toMatch(/^HTTP\/1.1 408/);
  expect(slow.closedAfter).toBeLessThan(9000);
  await silent.end(12_000);
}, 20_000);

test('more connections than are given: those beyond are cut, the others work', async () => {
  const many = Array.from({ length: 300 }, () => open());
  await expect.poll(() => many.filter(({ closedAfter }) => closedAfter !== undefined).length).toBe(300 - 256);
  const held = many.filter(({ closedAfter }) => closedAfter === undefined);
  expect(await held[0]!.send(get('/healthz')).statuses()).toEqual([200]);
  for (const connection of many) connection.close();
  await expect
    .poll(async () => {
      const answer = await server.ask('/metrics').catch(() => undefined);
      return /^sixgate_serve_connections_refused_total (\d+)$/m.exec((await answer?.text()) ?? '')?.[1];
    })
    .toBe('44');
});

test('more requests than are given are told to come later', async () => {
  const connection = open();
  connection.send(get('/healthz').repeat(3000));
  const codes = await connection.statuses(3000);
  expect(codes.filter((code) => code === 200).length).toBeGreaterThanOrEqual(2000);
  expect(codes.filter((code) => code === 429).length).toBeGreaterThan(300);
  connection.close();
  await new Promise((resolve) => setTimeout(resolve, 100));
});

test('bytes at random', async () => {
  for (let round = 0; round < 60; round++) {
    const connection = open().send(randomBytes(1 + ((round * 97) % 3000)));
    setTimeout(() => connection.close(), 30);
  }
  for (let round = 0; round < 60; round++) {
    const bytes = Buffer.from(get('/api/trace?address=fd12:3456:789a::1', 'Accept: text/html', 'Cookie: a=b'));
    bytes[(round * 31) % bytes.length] = (round * 53) % 256;
    const connection = open().send(bytes);
    setTimeout(() => connection.close(), 50);
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(server.child.exitCode).toBeNull();
});

test('who asks much and reads nothing does not fill the memory', async () => {
  server.report({ problems: [{ code: 'apply-failed', message: 'x'.repeat(200_000), mend: null, since: '' }] });
  const greedy = Array.from({ length: 8 }, () => {
    const connection = open().send(get('/api/events'));
    connection.socket.pause();
    return connection;
  });
  // The kernel holds some 10 MB for each, however little is read.
  for (let round = 10; round < 40; round++) {
    const text = `${round}`.repeat(1_000_000);
    server.report({ problems: [{ code: 'apply-failed', message: text, mend: null, since: '' }] });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // Not by the signs of life, which would find them after 20 s.
  const streams = async () => /^sixgate_serve_streams (\d+)$/m.exec(await (await server.ask('/metrics')).text())?.[1];
  await expect.poll(streams, { timeout: 5000 }).toBe('0');
  const memory = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
  expect(Number(/^VmRSS:\s+(\d+)/m.exec(memory)?.[1]) / 1024).toBeLessThan(400);
  for (const connection of greedy) connection.close();
}, 20_000);

test('another site gets no stream, and nothing to read', async () => {
  const cross = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', origin: 'https://evil.example' };
  expect((await server.ask('/api/events', { headers: cross })).status).toBe(403);
  const answer = await server.ask('/api/status', { headers: { origin: 'https://evil.example' } });
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

test.each(['/', '/api/status', '/nothing', '/metrics', '/api/trace'])(
  '%s comes with what makes it safe',
  async (path) => {
    const { headers } = await server.ask(path);
    const policy = headers.get('content-security-policy')!;
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('server')).toBeNull();
  },
);
