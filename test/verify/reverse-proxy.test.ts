import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sixgate } from '../cli/sixgate.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { RunningServer } from '../server/running-server.ts';
import { unpackedPackages } from './unpacked-packages.ts';

const page = readFileSync(join(repositoryRoot, 'docs/serve.md'), 'utf8');
const snippet = (language: string) => new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms').exec(page)![1]!;
const port = 40_000 + (process.pid % 10_000);

const scratch = mkdtempSync(join(tmpdir(), 'sixgate-proxy-'));
const token = join(scratch, 'token');
const certificate = join(scratch, 'router.example.pem');
const key = join(scratch, 'router.example.key');
let server: RunningServer;
beforeAll(async () => {
  execFileSync('chmod', ['755', scratch]);
  sixgate(['serve', 'rotate-token', '--token-file', token]);
  if (process.getuid?.() === 0) chownSync(token, 65_534, 65_534);
  server = await RunningServer.start(['--listen', '[::1]:0', '--host', 'router.example', '--token-file', token]);
  server.report();
  const subject = ['-subj', '/CN=router.example', '-addext', 'subjectAltName=DNS:router.example'];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...subject];
  execFileSync('openssl', [...args, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
});
afterAll(async () => {
  await server.stop();
  rmSync(scratch, { recursive: true });
});

/** Through the proxy, as a browser that calls it router.example. */
function ask(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const host = { host: '::1', servername: 'router.example', ca: readFileSync(certificate) };
    const asked = request({ ...host, port, path, headers: { host: 'router.example', ...headers } }, resolve);
    asked.on('error', reject);
    asked.end();
  });
}

test('the configuration for nginx: taken by it, and through it all of the server works', async () => {
  const tree = unpackedPackages('nginx', ['nginx', 'nginx-common'])!;
  const inside = snippet('nginx')
    .replace('listen [::]:443 ssl;', `listen [::1]:${port} ssl;`)
    .replace('listen 443 ssl;', '')
    .replaceAll('/etc/ssl/', `${scratch}/`)
    .replace('[::1]:6460', `[::1]:${server.port}`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${scratch}/${name};`,
  );
  const file = join(scratch, 'nginx.conf');
  writeFileSync(
    file,
    `pid ${scratch}/nginx.pid; daemon off; error_log stderr;
events {}
http { access_log off; ${temporary.join(' ')}
${inside} }
`,
  );
  const program = join(tree, 'usr/sbin/nginx');
  const args = ['-p', scratch, '-c', file, '-e', 'stderr'];
  expect(spawnSync(program, ['-t', ...args], { encoding: 'utf8' })).toMatchObject({ status: 0 });
  const nginx = spawn(program, args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => nginx.on('exit', resolve));
  try {
    await waitUntil('nginx', async () => (await ask('/healthz').catch(() => undefined))?.statusCode === 200);
    const led = await ask('/', { accept: 'text/html' });
    expect([led.statusCode, led.headers.location]).toEqual([303, '/login']);
    const bearer = { authorization: `Bearer ${readFileSync(token, 'utf8').trim()}` };
    const session = await ask('/api/session', bearer);
    expect(session.headers['set-cookie']![0]).toMatch(/; Secure$/);
    const cookie = session.headers['set-cookie']![0]!.split(';')[0]!;
    expect((await ask('/api/status', { cookie })).statusCode).toBe(200);
    const events = await ask('/api/events', { cookie });
    let told = '';
    events.on('data', (text: Buffer) => (told += text.toString()));
    events.on('error', () => {}); // it is cut at the end
    await expect.poll(() => told).toContain('event: status');
    server.report({ guard: { leaving: 77 } });
    await expect.poll(() => told).toContain('"leaving":77');
    events.destroy();
  } finally {
    nginx.kill('SIGTERM');
    await ended;
  }
});

test('the configuration for Caddy is taken by it', () => {
  const tree = unpackedPackages('caddy', ['caddy'])!;
  const file = join(scratch, 'Caddyfile');
  const home = join(scratch, 'home');
  mkdirSync(home);
  const validate = (text: string) => {
    writeFileSync(file, text);
    const args = ['validate', '--adapter', 'caddyfile', '--config', file];
    return spawnSync(join(tree, 'usr/bin/caddy'), args, { encoding: 'utf8', env: { HOME: home } }).status;
  };
  expect(validate(snippet('caddy'))).toBe(0);
  expect(validate(snippet('caddy').replace('reverse_proxy', 'reverse_prxy'))).not.toBe(0);
});

test('the scrape configuration is taken by Prometheus', () => {
  const tree = unpackedPackages('prometheus', ['prometheus'])!;
  const file = join(scratch, 'prometheus.yml');
  const check = (text: string) => {
    writeFileSync(file, text.replace('/etc/prometheus/sixgate-token', token));
    return spawnSync(join(tree, 'usr/bin/promtool'), ['check', 'config', file]).status;
  };
  const text = snippet('yaml');
  expect(check(text)).toBe(0);
  expect(check(text.replace('static_configs', 'static_config'))).not.toBe(0);
});
