import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { done, makeDom0, packages, type Dom0, type Guest } from './dom0.ts';

let dom0: Dom0;
beforeEach(() => {
  dom0 = makeDom0();
});
afterEach(() => dom0.remove());

const config = `xen:
  guests:
    mydomu1: { prefixes: ["2001:db8:0:1::/64"], gateway: "2001:db8:0:1::1", routed: ["2001:db8:0:10::/60"] }
`;

function install(...options: string[]): void {
  done(dom0.sixgate('xen', 'install', '--root', dom0.directory, ...options));
}

const log = (): string => dom0.run('cat', '/var/log/xen/xen-hotplug.log').stdout;
const hasGateway = (guest: Guest): void => {
  done(guest.run('ip', 'addr', 'add', '2001:db8:0:1::2/64', 'dev', 'eth0', 'nodad'));
  expect(guest.run('ping', '-c1', '-W2', '2001:db8:0:1::1').code).toBe(0);
};

describe.skipIf(packages === undefined)('in the hotplug scripts of Debian', () => {
  test('vif-route calls the hook: the guest has its gateway, and nothing is left of it afterwards', () => {
    dom0.configure(config);
    install();
    done(dom0.run('ip', 'addr', 'add', '192.0.2.1/24', 'dev', 'eth0'));
    const guest = dom0.create({ domid: 7, name: 'mydomu1', ip: '192.0.2.31' });
    const online = dom0.hotplug('vif-route', 'online', guest);
    expect(online.code, log()).toBe(0);
    expect(dom0.stored('backend/vif/7/0/hotplug-status')).toBe('connected');
    expect(done(dom0.run('ip', '-6', 'addr', 'show', 'dev', 'vif7.0'))).toMatch(/2001:db8:0:1::1\/64.*nodad/);
    expect(done(dom0.run('ip', '-6', 'route', 'show', '2001:db8:0:10::/60'))).toContain(
      'via fe80::216:3eff:fe00:7 dev vif7.0',
    );
    hasGateway(guest);
    expect(done(dom0.run('ip', '-4', 'route', 'show', '192.0.2.31'))).toContain('dev vif7.0');
    dom0.unplug(guest);
    expect(dom0.hotplug('vif-route', 'offline', guest).code).toBe(0);
    expect(dom0.traces()).toBe('');
  });

  test('the script that renames the interface (vifname)', () => {
    dom0.configure(config);
    install();
    done(dom0.run('ip', 'addr', 'add', '192.0.2.1/24', 'dev', 'eth0'));
    const guest = dom0.create({ domid: 7, name: 'mydomu1', vifname: 'web0' });
    expect(dom0.hotplug('vif-route', 'online', guest).code, log()).toBe(0);
    expect(done(dom0.run('ip', '-6', 'route', 'show', '2001:db8:0:1::/64'))).toContain('dev web0');
    expect(done(dom0.run('nft', 'list', 'set', 'ip6', 'sixgate_xen', 'vifs'))).toContain('"web0"');
    hasGateway(guest);
    dom0.unplug(guest);
    expect(dom0.hotplug('vif-route', 'offline', guest).code).toBe(0);
    expect(dom0.traces()).toBe('');
  });

  test('vif-route6: IPv4 and IPv6 in "ip=", without ifconfig, called once', () => {
    dom0.configure(config);
    install();
    done(dom0.run('ip', 'addr', 'add', '192.0.2.1/24', 'dev', 'eth0'));
    const guest = dom0.create({ domid: 7, name: 'mydomu1', ip: '192.0.2.31 2001:db8:0:20::/64 2001:db8:0:21::5' });
    expect(dom0.hotplug('vif-route6', 'online', guest).code, log()).toBe(0);
    expect(dom0.stored('backend/vif/7/0/hotplug-status')).toBe('connected');
    expect(done(dom0.run('ip', '-6', 'route', 'show', 'proto', '66')).match(/^\S+/gm)).toEqual([
      '2001:db8:0:1::/64',
      '2001:db8:0:10::/60',
      '2001:db8:0:20::/64',
      '2001:db8:0:21::5',
    ]);
    done(guest.run('ip', 'addr', 'add', '192.0.2.31/32', 'dev', 'eth0'));
    done(guest.run('ip', 'route', 'add', '192.0.2.1', 'dev', 'eth0'));
    expect(guest.run('ping', '-c1', '-W2', '192.0.2.1').code).toBe(0);
    hasGateway(guest);
    dom0.unplug(guest);
    expect(dom0.hotplug('vif-route6', 'offline', guest).code).toBe(0);
    expect(dom0.traces()).toBe('');
  });

  test('vif-route6 on a Dom0 without IPv4, where vif-route fails', () => {
    dom0.configure(config);
    install();
    const guest = dom0.create({ domid: 7, name: 'mydomu1' });
    expect(dom0.hotplug('vif-route', 'online', guest).code).not.toBe(0);
    expect(dom0.hotplug('vif-route6', 'online', guest).code, log()).toBe(0);
    hasGateway(guest);
    const other = dom0.create({ domid: 8, name: 'other', ip: '192.0.2.9' });
    expect(dom0.hotplug('vif-route6', 'online', other).code).not.toBe(0);
    expect(dom0.stored('backend/vif/8/0/hotplug-error')).toContain('Dom0 has no IPv4 address');
  });

  test('a bad configuration under the policy "fail" stops the guest, and xl is told why', () => {
    dom0.configure(`${config}    other: { prefixes: ["2001:db8:0:1::/72"] }\n`.replace('xen:', 'xen:\n  policy: fail'));
    install();
    const guest = dom0.create({ domid: 7, name: 'mydomu1' });
    expect(dom0.hotplug('vif-route6', 'online', guest).code).toBe(1);
    expect(dom0.stored('backend/vif/7/0/hotplug-status')).toBe('error');
    expect(dom0.stored('backend/vif/7/0/hotplug-error')).toMatch(
      /^sixgate: interface 0 of mydomu1 has no IPv6: .*config.yaml:5:25: .* overlaps 2001:db8:0:1::\/64 of mydomu1/,
    );
  });

  test('the same under "warn": the guest starts, with the filter', () => {
    dom0.configure(`${config}    other: { prefixes: ["2001:db8:0:1::/72"] }\n`);
    install();
    const guest = dom0.create({ domid: 7, name: 'mydomu1' });
    expect(dom0.hotplug('vif-route6', 'online', guest).code, log()).toBe(0);
    expect(dom0.stored('backend/vif/7/0/hotplug-status')).toBe('connected');
    expect(dom0.stored('backend/vif/7/0/hotplug-error')).toContain('overlaps 2001:db8:0:1::/64');
    expect(done(dom0.run('nft', 'list', 'set', 'ip6', 'sixgate_xen', 'vifs'))).toContain('"vif7.0"');
    expect(done(dom0.run('ip', '-6', 'route', 'show', 'proto', '66'))).toBe('');
  });

  test('where sixgate is gone the guest starts, and has no IPv6 at all', () => {
    dom0.configure(config);
    install('--command', '/nowhere/sixgate');
    const guest = dom0.create({ domid: 7, name: 'mydomu1' });
    expect(dom0.hotplug('vif-route6', 'online', guest).code, log()).toBe(0);
    expect(done(dom0.run('cat', '/proc/sys/net/ipv6/conf/vif7.0/disable_ipv6')).trim()).toBe('1');
  });

  test('the interface that how-tos of old gave such a script', () => {
    dom0.configure(config);
    install('--vif-route-ipv6');
    const guest = dom0.create({ domid: 7, name: 'mydomu1' });
    const { vif, XENBUS_PATH } = dom0.hotplugEnv(guest);
    const call = (command: string) =>
      dom0.runWith({ vif: vif!, XENBUS_PATH: XENBUS_PATH! }, '/etc/xen/scripts/vif-route-ipv6', command);
    done(call('online'));
    hasGateway(guest);
    dom0.unplug(guest);
    done(call('offline'));
    expect(dom0.traces()).toBe('');
    expect(call('sideways')).toMatchObject({ code: 2, stderr: 'usage: vif-route-ipv6 online|offline\n' });
  });
});

describe('install and uninstall', () => {
  const hook = 'etc/xen/scripts/vif-post.d/50-sixgate.hook';

  test('twice is once, and everything goes again', () => {
    install();
    expect(dom0.sixgate('xen', 'install', '--root', dom0.directory).stderr).toMatch(/hook is current\n.*is current\n$/);
    done(dom0.sixgate('xen', 'uninstall', '--root', dom0.directory));
    expect(dom0.run('ls', join(dom0.directory, hook)).code).not.toBe(0);
    expect(dom0.run('ls', join(dom0.directory, 'etc/xen/scripts/vif-route6')).code).not.toBe(0);
    expect(done(dom0.sixgate('xen', 'uninstall', '--root', dom0.directory))).toBe('');
  });

  test("nobody else's file is overwritten or removed", () => {
    const path = join(dom0.directory, 'etc/xen/scripts/vif-route-ipv6');
    install();
    writeFileSync(path, '#!/bin/bash\necho my own\n');
    const refused = dom0.sixgate('xen', 'install', '--vif-route-ipv6', '--root', dom0.directory);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain('vif-route-ipv6 is not from sixgate');
    expect(dom0.sixgate('xen', 'uninstall', '--root', dom0.directory).stderr).toContain('is not ours and stays');
    expect(done(dom0.run('cat', path))).toContain('my own');
  });

  test('nor one of ours that was changed', () => {
    install();
    const path = join(dom0.directory, hook);
    const text = `${done(dom0.run('cat', path))}# mine\n`;
    writeFileSync(path, text);
    expect(dom0.sixgate('xen', 'install', '--root', dom0.directory).stderr).toContain('was changed since');
    expect(dom0.sixgate('xen', 'uninstall', '--root', dom0.directory)).toMatchObject({ code: 1 });
    expect(done(dom0.run('cat', path))).toBe(text);
  });
});
