import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { done, makeDom0, packages, type Dom0 } from './dom0.ts';

let dom0: Dom0;
beforeEach(() => {
  dom0 = makeDom0();
  dom0.connect();
  dom0.configure('xen: { uplink: eth0, guests: { web1: { prefixes: ["2001:db8:1::/64"] } } }');
  done(dom0.sixgate('xen', 'install', '--root', dom0.directory));
  writeFileSync(join(dom0.directory, 'etc/xen/xl.conf'), 'vif.default.script="vif-route6"\n');
  dom0.store('/local/domain/0/name', 'Domain-0');
});
afterEach(() => dom0.remove());

type Findings = { id: string; result: string; found: string; mend: string | null }[];

function findings(...command: string[]): Findings {
  const printed = dom0.sixgate('--json', ...(command.length > 0 ? command : ['xen', 'check']));
  return (JSON.parse(printed.stdout) as { checks: Findings }).checks;
}

const bad = (): string[] => findings().flatMap(({ id, result, found }) => (result === 'ok' ? [] : [`${id}: ${found}`]));
const hook = (): string => join(dom0.directory, 'etc/xen/scripts/vif-post.d/50-sixgate.hook');

describe.skipIf(packages === undefined)('sixgate xen check', () => {
  test('a host in order', () => {
    const guest = dom0.create({ domid: 7, name: 'web1' });
    dom0.hotplug('vif-route6', 'online', guest);
    expect(bad()).toEqual([]);
    expect(dom0.sixgate('xen', 'check')).toMatchObject({ code: 0 });
    expect(findings().map(({ id }) => id)).toContain('xen-guest:vif7.0');
    // Nothing of a daemon is asked where there are guests only.
    const doctor = findings('doctor').filter(({ result }) => result !== 'ok');
    expect(doctor.map(({ id }) => id).filter((id) => !id.startsWith('node'))).toEqual([]);
  });

  test('each thing that can be wrong', () => {
    done(dom0.run('sysctl', '-qw', 'net.ipv6.conf.all.forwarding=0'));
    expect(bad()).toEqual(['xen-forwarding: Dom0 does not forward IPv6, so guests reach Dom0 only']);
    done(dom0.run('sysctl', '-qw', 'net.ipv6.conf.all.forwarding=1'));
    chmodSync(hook(), 0o644);
    expect(bad()).toEqual([expect.stringMatching(/^xen-hook: .*not executable, so vif-route passes it by$/)]);
    done(dom0.sixgate('xen', 'uninstall', '--root', dom0.directory));
    expect(bad()).toEqual(['xen-hook: no hook calls sixgate when a guest starts']);
    done(dom0.sixgate('xen', 'install', '--root', dom0.directory, '--command', '/nowhere/sixgate'));
    expect(bad()).toEqual([expect.stringMatching(/^xen-hook: .* calls \/nowhere\/sixgate, which cannot be run$/)]);
    done(dom0.sixgate('xen', 'install', '--root', dom0.directory));
    writeFileSync(join(dom0.directory, 'etc/xen/xl.conf'), '#vif.default.script="vif-route6"\n');
    expect(bad()).toEqual([expect.stringMatching(/^xen-default-script: xl.conf says nothing, .* are bridged/)]);
    writeFileSync(join(dom0.directory, 'etc/xen/xl.conf'), 'vif.default.script="vif-route"\n');
    expect(bad()).toEqual([expect.stringMatching(/^xen-default-script: vif-route needs an IPv4 address on Dom0/)]);
    writeFileSync(join(dom0.directory, 'etc/xen/xl.conf'), 'vif.default.script="vif-route6"\n');
    done(dom0.run('ip', 'addr', 'add', '2001:db8:1::5/64', 'dev', 'lo'));
    expect(bad()).toEqual(['xen-overlap:lo: 2001:db8:1::5 is on lo of Dom0, and 2001:db8:1::/64 belongs to web1']);
  });

  test('a guest that has not what it should, and Dom0 without global address or uplink', () => {
    const guest = dom0.create({ domid: 7, name: 'web1' });
    dom0.hotplug('vif-route6', 'online', guest);
    done(dom0.run('ip', '-6', 'route', 'flush', 'proto', '66'));
    done(dom0.run('ip', 'addr', 'del', '2001:db8:ffff::2/64', 'dev', 'eth0'));
    done(dom0.run('ip', 'link', 'set', 'eth0', 'down'));
    done(dom0.run('ip', 'link', 'set', 'eth0', 'name', 'eth9'));
    expect(bad()).toEqual([
      'xen-uplink: there is no interface eth0',
      'xen-default-route: Dom0 has no IPv6 default route',
      'xen-address: Dom0 has no global address, so its ICMPv6 errors come from link-local ones and die one hop on',
      'xen-guest:vif7.0: interface 0 of web1: no route to 2001:db8:1::/64',
    ]);
    expect(dom0.sixgate('xen', 'check')).toMatchObject({ code: 3 });
  });

  test('an invalid configuration, and one without guests', () => {
    dom0.configure('xen: { guests: { web1: { prefixes: ["2001:db8:1::1/64"] } } }');
    expect(dom0.sixgate('xen', 'check')).toMatchObject({ code: 78 });
    dom0.configure('networks: {}');
    expect(dom0.sixgate('xen', 'check').stderr).toContain('says nothing about xen');
  });
});
