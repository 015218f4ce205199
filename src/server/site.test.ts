import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Asked } from './answer.ts';
import { answerSite, prepareSite } from './site.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const long = 'a { color: red }\n'.repeat(200);
const site = prepareSite(
  new Map([
    ['index.html', bytes('<!doctype html>')],
    ['help/index.html', bytes('<p>')],
    ['main-K3VQX7AB.js', bytes('1')],
    ['style.css', bytes(long)],
    ['icon.png', Uint8Array.of(137, 80)],
    ['odd.exe', bytes('MZ')],
  ]),
);
const ask = (path: string, headers: Record<string, string> = {}) => {
  const asked: Asked = { path, query: new URLSearchParams(), header: (name) => headers[name] };
  return answerSite(site, asked);
};

test.each([
  ['/', 'text/html; charset=utf-8'],
  ['/index.html', 'text/html; charset=utf-8'],
  ['/help/', 'text/html; charset=utf-8'],
  ['/main-K3VQX7AB.js', 'text/javascript; charset=utf-8'],
  ['/style.css', 'text/css; charset=utf-8'],
  ['/icon.png', 'image/png'],
  ['/odd.exe', 'application/octet-stream'],
])('%s is %s', (path, type) => {
  expect(ask(path)).toMatchObject({ status: 200, headers: { 'content-type': type } });
});

test.each(['/help', '/nothing', '', 'index.html', '/INDEX.html', '/help/../index.html', '/toString'])(
  'no %j',
  (path) => {
    expect(ask(path)).toBeUndefined();
  },
);

test('what has a hash in its name is kept for ever, the rest is asked for again', () => {
  expect(ask('/main-K3VQX7AB.js')!.headers['cache-control']).toBe('private, max-age=31536000, immutable');
  for (const path of ['/', '/style.css']) expect(ask(path)!.headers['cache-control']).toBe('no-cache');
});

describe('what was seen already is not sent again', () => {
  const { etag } = ask('/')!.headers;
  test.each([etag!, `W/${etag}`, `"x", ${etag}`])('%s', (tag) => {
    expect(ask('/', { 'if-none-match': tag })).toMatchObject({ status: 304, body: '' });
  });
  test('another', () => expect(ask('/', { 'if-none-match': '"x"' })).toMatchObject({ status: 200 }));
});

test('text is compressed for those who take it, with a tag of its own', () => {
  const plain = ask('/style.css')!;
  const small = ask('/style.css', { 'accept-encoding': 'br, gzip' })!;
  expect(small.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
  expect(gunzipSync(small.body as Uint8Array).toString()).toBe(long);
  expect(small.headers['etag']).not.toBe(plain.headers['etag']);
  expect(plain.headers['vary']).toBe('accept-encoding');
  expect(ask('/style.css', { 'accept-encoding': 'gzip;q=0, identity' })!.headers['content-encoding']).toBeUndefined();
  expect(ask('/icon.png', { 'accept-encoding': 'gzip' })!.headers['content-encoding']).toBeUndefined();
});
