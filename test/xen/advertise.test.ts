import { afterEach, beforeEach, expect, test } from 'vitest';
import { hasCommand } from '../verify/in-namespace.ts';
import { done, makeDom0, type Dom0, type Guest } from './dom0.ts';

let dom0: Dom0;
beforeEach(() => {
  dom0 = makeDom0();
});
afterEach(() => dom0.remove());

const xen = (advertise: boolean): string => `xen:
  dns: [2001:db8::53]
  guests:
    a: { prefixes: [2001:db8:a::/64], advertise: ${advertise} }
    b: { prefixes: [2001:db8:b::/64], advertise: true }
`;

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; !what(); tries++) {
    if (tries === 100) throw new Error('it did not come about within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const configured = (guest: Guest, prefix: string): boolean =>
  guest.run('ip', '-6', 'addr', 'show', 'dynamic').stdout.includes(prefix);
const pid = (): string => dom0.run('cat', `${dom0.directory}/run/xen/radvd.pid`).stdout.trim();
const runs = (): boolean => dom0.run('sh', '-c', 'kill -0 "$1" && ! grep -q Z /proc/$1/stat', 'sh', pid()).code === 0;

test.skipIf(!hasCommand('radvd'))(
  'guests configure themselves; one radvd serves all and ends with the last',
  async () => {
    dom0.configure(xen(true));
    const a = dom0.create({ domid: 7, name: 'a' });
    done(dom0.vif('online', a));
    const first = pid();
    await until(() => configured(a, '2001:db8:a:0:216:3eff:fe00:7/64'));
    expect(a.run('ip', '-6', 'route', 'show', 'default').stdout).toMatch(/via fe80::\S+ dev eth0 proto ra/);
    const b = dom0.create({ domid: 8, name: 'b' });
    done(dom0.vif('online', b));
    await until(() => configured(b, '2001:db8:b:0:216:3eff:fe00:8/64'));
    expect(pid()).toBe(first);
    expect(done(dom0.run('cat', `${dom0.directory}/run/xen/radvd.conf`))).toContain('RDNSS 2001:db8::53');
    dom0.unplug(a);
    done(dom0.vif('offline', a));
    expect(runs()).toBe(true);
    expect(done(dom0.run('cat', `${dom0.directory}/run/xen/radvd.conf`))).not.toContain('vif7.0');
    dom0.unplug(b);
    done(dom0.vif('offline', b));
    await until(() => !runs());
    expect(dom0.traces()).toBe('');
  },
);

test.skipIf(!hasCommand('radvd'))(
  'after an edit "sync" stops advertising, and starts radvd where somebody ended it',
  async () => {
    dom0.configure(xen(true));
    const guests = ['a', 'b'].map((name, index) => {
      const guest = dom0.create({ domid: 7 + index, name });
      done(dom0.vif('online', guest));
      dom0.store(`backend/vif/${guest.domid}/0/hotplug-status`, 'connected');
      return guest;
    });
    const first = pid();
    dom0.run('kill', first);
    await until(() => !runs());
    dom0.configure(xen(false));
    done(dom0.sixgate('xen', 'sync'));
    await until(() => pid() !== first && runs());
    expect(done(dom0.run('cat', `${dom0.directory}/run/xen/radvd.conf`))).not.toContain('vif7.0');
    for (const guest of guests) {
      dom0.unplug(guest);
      done(dom0.vif('offline', guest));
    }
    await until(() => !runs());
  },
);
