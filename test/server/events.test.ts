import { mkdirSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EventReader } from './event-reader.ts';
import { RunningServer } from './running-server.ts';

let server: RunningServer;
beforeEach(async () => void (server = await RunningServer.start()));
afterEach(() => server.stop());
const open = () => EventReader.open(`${server.url}/api/events`);

test('the status at once, and after every change of it, but not where only its age changed', async () => {
  server.report();
  const events = await open();
  expect(events.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(await events.next()).toMatchObject({ event: 'status', data: { daemon: { state: 'running' } } });
  server.report({ written: new Date(Date.now() + 1).toISOString() });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const changed = performance.now();
  server.report({ guard: { leaving: 4 } });
  expect(await events.next()).toMatchObject({ event: 'status', data: { guard: { leaving: 4 } } });
  expect(performance.now() - changed).toBeLessThan(900); // by the watch, not by looking again
  events.close();
});

test('every client is told', async () => {
  server.report();
  const clients = await Promise.all(Array.from({ length: 20 }, open));
  for (const client of clients) expect(await client.next()).toMatchObject({ event: 'status' });
  server.report({ guard: { leaving: 5 } });
  for (const client of clients) expect(await client.next()).toMatchObject({ data: { guard: { leaving: 5 } } });
  for (const client of clients) client.close();
});

test('a daemon that is killed, gone with its directory, and back', async () => {
  const daemon = await RunningServer.start(); // any process that can be killed
  server.report({}, { pid: daemon.child.pid! });
  const events = await open();
  expect(await events.next()).toMatchObject({ event: 'status' });
  await daemon.stop('SIGKILL');
  expect(await events.next()).toMatchObject({ event: 'gone', data: { daemon: { state: 'stopped' } } });
  rmSync(server.runtimeDir, { recursive: true });
  expect(await events.next()).toMatchObject({ event: 'gone', data: { problem: { code: 'daemon-missing' } } });
  mkdirSync(server.runtimeDir);
  server.report();
  expect(await events.next()).toMatchObject({ event: 'status', data: { daemon: { alive: true } } });
  server.report({ guard: { leaving: 6 } });
  expect(await events.next()).toMatchObject({ event: 'status', data: { guard: { leaving: 6 } } });
  events.close();
}, 10_000);

test('a sign of life while nothing changes', async () => {
  server.report();
  const events = await open();
  await events.next();
  const since = performance.now();
  expect(await events.next()).toMatchObject({ event: ':' });
  expect(performance.now() - since).toBeLessThan(15_000);
  events.close();
}, 20_000);

test('so many clients and no more; a place that is left can be taken', async () => {
  server.report();
  const clients = await Promise.all(Array.from({ length: 64 }, open));
  expect(clients.map(({ response }) => response.status)).toEqual(clients.map(() => 200));
  const refused = await server.ask('/api/events');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
  expect(await (await server.ask('/metrics')).text()).toContain('\nsixgate_serve_streams 64\n');
  for (const client of clients) client.close();
  await expect.poll(async () => (await server.ask('/metrics')).text()).toContain('\nsixgate_serve_streams 0\n');
  const again = await open();
  expect(await again.next()).toMatchObject({ event: 'status' });
  again.close();
});

test('SIGTERM ends the streams and the server, with 0', async () => {
  server.report();
  const events = await open();
  await events.next();
  const stopped = server.stop();
  const started = performance.now();
  expect(await events.next()).toBeUndefined();
  expect(await stopped).toBe(0);
  expect(performance.now() - started).toBeLessThan(1500);
});
