import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { done, makeDom0, type Dom0 } from './dom0.ts';

let dom0: Dom0;
beforeEach(() => {
  dom0 = makeDom0();
});
afterEach(() => dom0.remove());

const xen = (policy: string): string =>
  `xen: { policy: ${policy}, guests: { web1: { prefixes: ["2001:db8:1::/64"] } } }\n`;
const setting = (device: string, name: string): string =>
  done(dom0.run('cat', `/proc/sys/net/ipv6/conf/${device}/${name}`)).trim();
const routes = (): string => done(dom0.run('ip', '-6', 'route', 'show', 'proto', '66'));
const filtered = (): string => dom0.run('nft', 'list', 'set', 'ip6', 'sixgate_xen', 'vifs').stdout;

/** A program of this name that always fails stands before the real one. */
function breakTool(name: string): Record<string, string> {
  const directory = join(dom0.directory, 'broken');
  mkdirSync(directory);
  writeFileSync(join(directory, name), '#!/bin/sh\necho broken >&2\nexit 1\n');
  chmodSync(join(directory, name), 0o755);
  const store = join(import.meta.dirname, 'xenstore');
  return { PATH: `${directory}:${process.env['PATH']}:${store}:/usr/sbin:/sbin` };
}

function onlineWith(env: Record<string, string>, domid: number, ...options: string[]) {
  const program = join(import.meta.dirname, '../../bin/sixgate');
  const places = [
    '--config',
    join(dom0.directory, 'etc/sixgate/config.yaml'),
    '--runtime-dir',
    join(dom0.directory, 'run'),
  ];
  return dom0.runWith(env, program, ...places, 'xen', 'vif', 'online', '--path', `backend/vif/${domid}/0`, ...options);
}

describe('the policy counts while everything else is wrong', () => {
  test('in a configuration with an error elsewhere', () => {
    const guest = dom0.create({ domid: 7, name: 'web1' });
    dom0.configure(`${xen('fail')}nonsense: 1\n`);
    expect(dom0.vif('online', guest)).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('unknown key "nonsense"'),
    });
    expect(filtered()).toContain('"vif7.0"');
    dom0.configure(`${xen('warn')}nonsense: 1\n`);
    expect(dom0.vif('online', guest)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('unknown key "nonsense"'),
    });
  });

  test('in a text that is no YAML: as it was when it was last right; "warn" where nobody ever said', () => {
    const guest = dom0.create({ domid: 7, name: 'web1' });
    dom0.configure('xen: [');
    expect(dom0.vif('online', guest)).toMatchObject({ code: 0, stderr: expect.stringContaining('has no IPv6') });
    dom0.configure(xen('fail'));
    expect(dom0.vif('online', guest)).toMatchObject({ code: 0, stderr: '' });
    dom0.configure('xen: [');
    expect(dom0.vif('online', guest)).toMatchObject({ code: 78 });
    // What it has it keeps.
    expect(routes()).toContain('2001:db8:1::/64 dev vif7.0');
  });
});

test('what could not be filtered has no IPv6 at all, until it can', () => {
  dom0.configure(xen('warn'));
  const guest = dom0.create({ domid: 7, name: 'web1' });
  const env = breakTool('nft');
  expect(onlineWith(env, 7)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('nft -f - ended with exit code 1: broken'),
  });
  expect(setting('vif7.0', 'disable_ipv6')).toBe('1');
  expect(routes()).toBe('');
  expect(dom0.stored('backend/vif/7/0/hotplug-error')).toContain('web1 has no IPv6');
  dom0.store('backend/vif/7/0/hotplug-status', 'connected');
  expect(dom0.sixgate('xen', 'status').stdout).toContain('broken');
  done(dom0.sixgate('xen', 'sync'));
  expect(setting('vif7.0', 'disable_ipv6')).toBe('0');
  expect(routes()).toContain('2001:db8:1::/64 dev vif7.0');
  expect(dom0.stored('backend/vif/7/0/hotplug-error')).toBeUndefined();
  expect(dom0.sixgate('xen', 'status')).toMatchObject({ code: 0 });
  dom0.unplug(guest);
});

test('what takes too long is given up before Xen does, and the guest has no IPv6', () => {
  dom0.configure(xen('fail'));
  const guest = dom0.create({ domid: 7, name: 'web1' });
  const env = breakTool('xenstore-read');
  writeFileSync(join(dom0.directory, 'broken/xenstore-read'), '#!/bin/sh\nexec sleep 60\n');
  writeFileSync(join(dom0.directory, 'broken/nft'), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
  const start = performance.now();
  expect(onlineWith(env, 7, '--device', 'vif7.0')).toMatchObject({
    code: 75,
    stderr: expect.stringMatching(/25 s|10000 ms/),
  });
  expect(performance.now() - start).toBeLessThan(38_000);
  expect(setting('vif7.0', 'disable_ipv6')).toBe('1');
  dom0.unplug(guest);
}, 60_000);

test('what ip refuses is told with the line that it refused', () => {
  dom0.configure(xen('fail'));
  const guest = dom0.create({ domid: 7, name: 'web1' });
  done(dom0.run('ip', 'link', 'del', guest.device));
  const told = dom0.vif('online', guest);
  expect(told.code).toBe(1);
  expect(told.stderr).toContain('vif7.0');
});

test('a bridged guest: told where it is listed, passed by where it is not', () => {
  dom0.configure(xen('warn'));
  done(dom0.run('ip', 'link', 'add', 'xenbr0', 'type', 'bridge'));
  const [listed, other] = [dom0.create({ domid: 7, name: 'web1' }), dom0.create({ domid: 8, name: 'other' })];
  for (const { device } of [listed, other]) done(dom0.run('ip', 'link', 'set', device, 'master', 'xenbr0'));
  expect(dom0.vif('online', listed).stderr).toContain('vif7.0 is a port of a bridge');
  expect(dom0.vif('online', other)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(filtered()).not.toContain('"vif8.0"');
});

test('an emulated card goes first while it is there', () => {
  dom0.configure(xen('warn'));
  const guest = dom0.create({ domid: 7, name: 'web1' });
  done(dom0.run('ip', 'link', 'add', 'vif7.0-emu', 'type', 'veth', 'peer', 'name', 'qemu'));
  const tap = ['--path', '/local/domain/0/backend/vif/7/0', '--type', 'tap', '--device', 'vif7.0-emu'];
  done(dom0.vif('online', guest));
  expect(dom0.sixgate('xen', 'vif', 'add', ...tap)).toEqual({ code: 0, stdout: '', stderr: '' });
  const way = (): string => done(dom0.run('ip', 'route', 'get', '2001:db8:1::7'));
  expect(way()).toContain('dev vif7.0-emu');
  dom0.store('backend/vif/7/0/hotplug-status', 'connected');
  done(dom0.sixgate('xen', 'sync'));
  expect(way()).toContain('dev vif7.0-emu');
  expect(filtered()).toContain('"vif7.0-emu"');
  done(dom0.run('ip', 'link', 'del', 'vif7.0-emu'));
  expect(way()).toContain('dev vif7.0 ');
  expect(dom0.sixgate('xen', 'vif', 'remove', ...tap)).toEqual({ code: 0, stdout: '', stderr: '' });
  dom0.unplug(guest);
  done(dom0.vif('offline', guest));
  expect(dom0.traces()).toBe('');
});

test('"ip=" of xl.cfg that takes what belongs to another guest', () => {
  dom0.configure(xen('fail'));
  const thief = dom0.create({ domid: 9, name: 'thief', ip: '192.0.2.9 2001:db8:1::9' });
  expect(dom0.vif('online', thief)).toMatchObject({
    code: 78,
    stderr: expect.stringContaining('the configuration gives 2001:db8:1::/64 to another guest'),
  });
  expect(routes()).toBe('');
});

test('a device that no firewall could name is refused', () => {
  dom0.configure(xen('fail'));
  const guest = dom0.create({ domid: 7, name: 'web1' });
  expect(dom0.vif('online', guest, '--device', 'a" } ; flush ruleset')).toMatchObject({ code: 2 });
});
