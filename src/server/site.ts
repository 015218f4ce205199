import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { noStore, type Answer, type Asked } from './answer.ts';

/** The files of the pages by the exact path that they are asked for; there is no other way to a file. */
export type Site = ReadonlyMap<string, SiteFile>;

interface SiteFile {
  readonly type: string;
  readonly cache: string;
  readonly plain: Variant;
  readonly gzip: Variant | undefined;
}

interface Variant {
  readonly body: Uint8Array;
  readonly etag: string;
}

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  webmanifest: 'application/manifest+json',
  woff2: 'font/woff2',
};

/** `files` by path relative to the root of the site. A folder's `index.html` is also found by the folder's path. */
export function prepareSite(files: ReadonlyMap<string, Uint8Array>): Site {
  const site = new Map<string, SiteFile>();
  for (const [path, body] of files) {
    const type = types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    const file: SiteFile = { type, cache: cacheOf(path), plain: variantOf(body), gzip: compress(type, body) };
    site.set(`/${path}`, file);
    if (/(^|\/)index\.html$/.test(path)) site.set(`/${path.slice(0, -'index.html'.length)}`, file);
  }
  return site;
}

/** A file whose name holds the hash of what is in it (`main-K3VQX7AB.js`) never changes. */
function cacheOf(path: string): string {
  return /[-.][A-Za-z0-9_]{8,}\.(css|js|mjs|svg|png|woff2)$/.test(path)
    ? 'private, max-age=31536000, immutable'
    : 'no-cache';
}

function variantOf(body: Uint8Array): Variant {
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

function compress(type: string, body: Uint8Array): Variant | undefined {
  if (!/^text\/|json|svg/.test(type) || body.length < 1024) return undefined;
  const small = gzipSync(body, { level: 9 });
  return small.length < body.length ? variantOf(new Uint8Array(small)) : undefined;
}

export function answerSite(site: Site, { path, header }: Asked): Answer | undefined {
  const file = site.get(path);
  if (!file) return undefined;
  const gzip = file.gzip && /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(header('accept-encoding') ?? '');
  const { body, etag } = gzip ? file.gzip : file.plain;
  const headers = {
    'content-type': file.type,
    'cache-control': file.cache,
    etag,
    ...(file.gzip && { vary: 'accept-encoding' }),
    ...(gzip && { 'content-encoding': 'gzip' }),
  };
  const known = (header('if-none-match') ?? '').split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
  return known ? { status: 304, headers, body: '' } : { status: 200, headers, body };
}

/** In place of the pages where a checkout was not built. */
export function answerWithoutSite({ path }: Asked): Answer | undefined {
  if (path !== '/') return undefined;
  const body =
    'The pages are not built (npm run build). What there is: /api/status, /api/events, /api/trace?address=, /metrics\n';
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8', ...noStore }, body };
}
