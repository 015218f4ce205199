import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { debianTree } from '../lab/debian-tree.ts';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { mountTree, type TreeOnRouter } from '../sources/tree-on-router.ts';
import { configText, readReport, startGuarded, waitForMapping } from '../translate/following.ts';

const first = '2001:db8:a:aa80::/58';
const second = '2001:db8:b:bb80::/58';
const root = debianTree('bookworm', 'bind', ['bind9', 'bind9-dnsutils', 'bind9-utils']);

let lab: Lab;
let tree: TreeOnRouter;
let named: LabProcess;

test('the mirror has BIND', () => {
  expect(root).toBeDefined();
});

beforeEach(async () => {
  lab = await Lab.start({ name: 'dns' });
  if (root === undefined) return;
  tree = await mountTree(lab, root);
  await lab.router.shell.exec(['ip', 'link', 'set', 'lo', 'up']);
}, 60_000);
afterEach(async () => lab.stop());

const key = 'key "sixgate" { algorithm hmac-sha256; secret "c2l4Z2F0ZSBzaXhnYXRlIHNpeGdhdGUgc2l4Z2F0ZQ=="; };\n';

function startNamed(): void {
  tree.write('/run/named/key', key);
  tree.write(
    '/run/named/named.conf',
    `${key}
options { directory "/run/named"; listen-on { none; }; listen-on-v6 port 53 { ::1; }; recursion no; pid-file none; session-keyfile none; dnssec-validation no; };
controls { };
zone "home.example" { type master; file "/run/named/zone"; update-policy { grant sixgate zonesub AAAA; }; };
`,
  );
  tree.write(
    '/run/named/zone',
    `$TTL 60
@ IN SOA ns root ( 1 60 60 60 60 )
@ IN NS ns
ns IN AAAA ::1
www IN AAAA 2001:db8:dead::1
`,
  );
  named = lab.router.shell.spawn(tree.argv('/usr/sbin/named', '-g', '-c', '/run/named/named.conf'), { label: 'named' });
}
const ask = async (name = 'www'): Promise<string> =>
  (await tree.exec('/usr/bin/dig', '+short', '+tries=1', '+time=1', '@::1', 'AAAA', `${name}.home.example`)).trim();
const waitForNamed = () =>
  waitUntil(
    'BIND',
    () =>
      ask('ns').then(
        (answer) => answer === '::1',
        () => false,
      ),
    { timeout: 15_000 },
  );
const start = (dns: string) =>
  startGuarded(lab, `${configText().replace(/from: dhcpcd.*?}/, 'from: hook }')}${dns}`, {
    env: { PATH: `${tree.commands('nsupdate')}:${process.env['PATH']}` },
  });
const event = async (...args: string[]): Promise<void> => {
  expect(await lab.router.sixgate('event', '--uplink', 'dsl', ...args)).toMatchObject({ code: 0, stderr: '' });
};
const problems = (): string[] => (readReport(lab)?.problems ?? []).map(({ message }) => message);

const dnsText = (more = ''): string => `dns:
  own:
    via: nsupdate
    server: "::1"
    zone: home.example
    keyFile: /run/named/key
    hosts: [{ host: "servers::10", name: www.home.example }, { host: "lan::22", name: pc.home.example. }${more}]
`;

test.skipIf(root === undefined)(
  'BIND: records follow the prefix, and stay where there is none',
  { timeout: 60_000 },
  async () => {
    startNamed();
    await waitForNamed();
    await start(dnsText());
    await pause(300);
    expect(await ask()).toBe('2001:db8:dead::1');
    await event('--prefix', first);
    await waitUntil('the address', async () => (await ask()) === '2001:db8:a:aa81::10');
    await waitUntil('the other', async () => (await ask('pc')) === '2001:db8:a:aa80::22');
    await event('--prefix', second);
    await waitUntil('the new address', async () => (await ask()) === '2001:db8:b:bb81::10');
    expect(problems()).toEqual([]);
    await event('--gone');
    await waitForMapping(lab, (prefix) => prefix === undefined);
    await pause(500);
    expect(await ask()).toBe('2001:db8:b:bb81::10');
  },
);

test.skipIf(root === undefined)(
  'BIND is away, and refuses: a problem, and tried again',
  { timeout: 90_000 },
  async () => {
    await start(dnsText(', { host: "servers::11", name: www.other.example }'));
    tree.write('/run/named/key', key);
    await event('--prefix', first);
    await waitUntil(
      'the problem',
      () => problems().some((message) => message.startsWith('www.home.example could not')),
      { timeout: 30_000 },
    );
    startNamed();
    await waitForNamed();
    await waitUntil('the address', async () => (await ask()) === '2001:db8:a:aa81::10', { timeout: 40_000 });
    await waitUntil('its end', () => !problems().some((message) => message.startsWith('www.home.example')));
    await waitUntil(
      'what is refused',
      () =>
        problems().some((message) =>
          /www\.other\.example.*(NOTZONE|refused|REFUSED|not in zone|NOTAUTH)/.test(message),
        ),
      { timeout: 40_000 },
    );
    expect(named.running()).toBe(true);
  },
);

const provider = `
const seen = [];
require('node:http').createServer((request, answer) => {
  if (request.url === '/seen') return void answer.end(JSON.stringify(seen));
  seen.push(request.url + ' ' + request.headers.authorization);
  answer.end(seen.length === 1 ? 'badauth' : 'good');
}).listen(8053, '::1');
`;

test('a provider’s page: what it refuses is tried again', { timeout: 60_000 }, async () => {
  const { directory } = lab.router.shell;
  await lab.router.shell.exec(['ip', 'link', 'set', 'lo', 'up']);
  const password = join(directory, 'password');
  writeFileSync(password, 'secret\n');
  chmodSync(password, 0o600);
  lab.router.shell.spawn([process.execPath, '-e', provider], { label: 'provider' });
  const dns = `dns:
  dyn:
    via: http
    url: "http://[::1]:8053/nic?host={name}&ip={address}"
    user: me
    passwordFile: ${password}
    hosts: [{ host: "servers::10", name: www.example.org }]
`;
  await startGuarded(lab, `${configText().replace(/from: dhcpcd.*?}/, 'from: hook }')}${dns}`);
  await event('--prefix', first);
  await waitUntil('the problem', () => problems().some((message) => message.endsWith(': badauth')), {
    timeout: 15_000,
  });
  await waitUntil('its end', () => problems().length === 0, { timeout: 20_000 });
  const script = "fetch('http://[::1]:8053/seen').then((a) => a.text()).then((t) => process.stdout.write(t))";
  const seen = JSON.parse(await lab.exec('router', [process.execPath, '-e', script])) as string[];
  const request = `/nic?host=www.example.org&ip=2001%3Adb8%3Aa%3Aaa81%3A%3A10 Basic ${btoa('me:secret')}`;
  expect(new Set(seen)).toEqual(new Set([request]));
  expect(seen.length).toBeGreaterThanOrEqual(2);
});
