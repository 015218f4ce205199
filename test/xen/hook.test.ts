import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeDom0, packages, type Dom0 } from './dom0.ts';

let dom0: Dom0;
beforeEach(() => {
  dom0 = makeDom0();
});
afterEach(() => dom0.remove());

const config = `xen:
  uplink: eth0
  guests:
    mydomu1: { prefixes: ["2001:db8:0:1::/64"], gateway: "2001:db8:0:1::1", routed: ["2001:db8:0:10::/60"] }
    two:
      vifs:
        0: { prefixes: ["2001:db8:0:2::/64"] }
        1: { addresses: ["2001:db8:0:3::5"] }
`;

/** Everything of ours that can be left behind. */
function traces(of: Dom0): string {
  return [
    of.run('ip', '-6', 'route', 'show', 'proto', '66').stdout,
    of.run('ip', '-6', 'neigh', 'show', 'proxy').stdout,
    /elements = .*/.exec(of.run('nft', 'list', 'set', 'ip6', 'sixgate_xen', 'vifs').stdout)?.[0] ?? '',
    of.run('ls', `${of.directory}/run/xen/vif`).stdout,
  ].join('');
}

describe.skipIf(packages === undefined)('the hook in the hotplug scripts of Debian', () => {
  test('vif-route calls it: the guest has its gateway, and nothing is left of it afterwards', () => {
    dom0.configure(config);
    expect(dom0.sixgate('xen', 'install', '--root', dom0.directory)).toMatchObject({ code: 0 });
    dom0.run('ip', 'addr', 'add', '192.0.2.1/24', 'dev', 'eth0');
    const guest = dom0.create({ domid: 7, name: 'mydomu1', ip: '192.0.2.31' });
    const online = dom0.hotplug('vif-route', 'online', guest);
    expect(online.code, dom0.run('cat', '/var/log/xen/xen-hotplug.log').stdout).toBe(0);
    expect(dom0.stored('backend/vif/7/0/hotplug-status')).toBe('connected');
    expect(dom0.run('ip', '-6', 'addr', 'show', 'dev', 'vif7.0').stdout).toMatch(/2001:db8:0:1::1\/64.*nodad/);
    guest.run('ip', 'addr', 'add', '2001:db8:0:1::2/64', 'dev', 'eth0', 'nodad');
    expect(guest.run('ping', '-c1', '-W2', '2001:db8:0:1::1').code).toBe(0);
    expect(dom0.run('ip', '-6', 'route', 'show', '2001:db8:0:10::/60').stdout).toContain(
      'via fe80::216:3eff:fe00:7 dev vif7.0',
    );
    dom0.unplug(guest);
    const offline = dom0.hotplug('vif-route', 'offline', guest);
    expect(offline.code).toBe(0);
    expect(traces(dom0)).toBe('');
  });
});
