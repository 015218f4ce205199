import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { done, makeDom0, type Dom0, type Guest } from './dom0.ts';

let dom0: Dom0;
beforeEach(() => {
  dom0 = makeDom0();
  dom0.connect();
});
afterEach(() => dom0.remove());

/** Creates a guest and gives it this address and fe80::1 as its gateway. */
function start(options: Parameters<Dom0['create']>[0], address: string): Guest {
  const guest = dom0.create(options);
  expect(dom0.vif('online', guest)).toEqual({ code: 0, stdout: '', stderr: '' });
  done(guest.run('ip', 'addr', 'add', address, 'dev', `eth${guest.devid}`, 'nodad'));
  done(guest.run('ip', 'route', 'add', 'default', 'via', 'fe80::1', 'dev', `eth${guest.devid}`));
  return guest;
}

const reaches = (guest: Guest, ...more: string[]): boolean =>
  guest.run('ping', '-c1', '-W2', ...more, '2001:db8:ffff::1').code === 0;

describe('a guest reaches the provider and back', () => {
  test('with a prefix, and another gateway in it', () => {
    dom0.configure('xen: { guests: { web1: { prefixes: ["2001:db8:1::/64"], gateway: "2001:db8:1::1" } } }');
    const guest = start({ domid: 7, name: 'web1' }, '2001:db8:1::77/64');
    expect(reaches(guest)).toBe(true);
    done(guest.run('ip', 'route', 'replace', 'default', 'via', '2001:db8:1::1'));
    expect(reaches(guest)).toBe(true);
    expect(dom0.world.run('ping', '-c1', '-W2', '2001:db8:1::77').code).toBe(0);
  });

  test('with a routed prefix, also for addresses that it has on no wire', () => {
    dom0.configure('xen: { guests: { web1: { prefixes: ["2001:db8:1::/64"], routed: ["2001:db8:10::/48"] } } }');
    const guest = start({ domid: 7, name: 'web1' }, '2001:db8:1::77/64');
    done(guest.run('ip', 'addr', 'add', '2001:db8:10:5::1/128', 'dev', 'lo'));
    expect(reaches(guest, '-I', '2001:db8:10:5::1')).toBe(true);
  });

  test('with an address on the link of the provider, by proxy NDP alone', () => {
    const address = '2001:db8:ffff::77';
    const xen = (proxy: boolean): string =>
      `xen: { uplink: eth0, guests: { web1: { addresses: ["${address}"], proxyNdp: ${proxy} } } }`;
    dom0.configure(xen(false));
    const guest = start({ domid: 7, name: 'web1' }, `${address}/128`);
    const loss = (): string =>
      /(\d+)% packet loss/.exec(guest.run('ping', '-c3', '-i0.3', '-W1', '2001:db8:ffff::1').stdout)![1]!;
    expect(loss()).toBe('100');
    dom0.configure(xen(true));
    done(dom0.vif('online', guest));
    dom0.world.run('ip', 'neigh', 'flush', 'dev', 'eth0');
    expect(loss()).toBe('0');
    dom0.unplug(guest);
    expect(dom0.run('ip', '-6', 'neigh', 'show', 'proxy').stdout).toContain(address);
    done(dom0.vif('offline', guest));
    expect(dom0.traces()).toBe('');
  });

  test('errors on its way come from a global address', () => {
    dom0.configure('xen: { address: "2001:db8:5::1", guests: { web1: { prefixes: ["2001:db8:1::/64"] } } }');
    for (const each of ['2001:db8:ffff::2/64']) done(dom0.run('ip', 'addr', 'del', each, 'dev', 'eth0'));
    done(dom0.run('ip', 'route', 'add', 'unreachable', '2001:db8:9::/48'));
    const guest = start({ domid: 7, name: 'web1' }, '2001:db8:1::77/64');
    expect(guest.run('ping', '-c1', '-W2', '2001:db8:9::1').stdout).toContain('From 2001:db8:5::1');
  });

  test('with a subnet of a network, past the unreachable route of the whole network', () => {
    dom0.configure(`networks: { home: { prefix: "fd12:3456:789a::/64", subnets: { guests: { id: 0 } } } }
xen: { guests: { web1: { prefixes: [{ network: home, subnet: guests }] } } }
`);
    const guest = start({ domid: 7, name: 'web1' }, 'fd12:3456:789a::77/64');
    done(dom0.sixgate('apply'));
    expect(done(dom0.run('ip', '-6', 'route', 'show', 'fd12:3456:789a::/64')).match(/^\S+/gm)).toEqual([
      'fd12:3456:789a::/64',
      'unreachable',
    ]);
    expect(dom0.run('ping', '-c1', '-W2', 'fd12:3456:789a::77').code).toBe(0);
    // Neither pass touches what the other made.
    expect(dom0.sixgate('plan')).toMatchObject({ code: 0 });
    expect(dom0.sixgate('xen', 'status')).toMatchObject({ code: 0 });
    expect(guest.run('ping', '-c1', '-W2', 'fe80::1%eth0').code).toBe(0);
  });
});

describe('the filter', () => {
  function countForged(): number {
    const counted = done(dom0.world.run('nft', 'list', 'counter', 'ip6', 't', 'forged'));
    return Number(/packets (\d+)/.exec(counted)![1]);
  }

  function forge(guest: Guest): void {
    done(guest.run('ip', 'addr', 'add', '2001:db8:dead::1/128', 'dev', 'lo'));
    guest.run('ping', '-c3', '-i0.2', '-W1', '-I', '2001:db8:dead::1', '2001:db8:ffff::1');
  }

  beforeEach(() => {
    done(
      dom0.world.run(
        'nft',
        'add table ip6 t; add counter ip6 t forged; add chain ip6 t c { type filter hook input priority 0; }; add rule ip6 t c ip6 saddr 2001:db8:dead::1 counter name forged',
      ),
    );
  });

  test('without it 3 forged packets of 3 arrive, with it none, and good ones do', () => {
    const xen = (on: boolean): string =>
      `xen: { guests: { web1: { prefixes: ["2001:db8:1::/64"], antiSpoof: ${on} } } }`;
    dom0.configure(xen(false));
    const guest = start({ domid: 7, name: 'web1' }, '2001:db8:1::77/64');
    forge(guest);
    expect(countForged()).toBe(3);
    dom0.configure(xen(true));
    done(dom0.vif('online', guest));
    guest.run('ping', '-c3', '-i0.2', '-W1', '-I', '2001:db8:dead::1', '2001:db8:ffff::1');
    expect(countForged()).toBe(3);
    expect(reaches(guest)).toBe(true);
    expect(JSON.parse(dom0.sixgate('--json', 'xen', 'status').stdout)).toMatchObject({ dropped: { forged: 3 } });
  });

  test('guests that are not listed are filtered too, and have nothing else', () => {
    dom0.configure('xen: { guests: {} }');
    const guest = start({ domid: 9, name: 'stranger' }, '2001:db8:dead::1/128');
    guest.run('ping', '-c3', '-i0.2', '-W1', '2001:db8:ffff::1');
    expect(countForged()).toBe(0);
    expect(done(dom0.run('ip', '-6', 'route', 'show', 'proto', '66'))).toBe('');
    dom0.unplug(guest);
    done(dom0.vif('offline', guest));
    expect(dom0.traces()).toBe('');
  });

  test("nor another guest's addresses, nor Dom0's own", () => {
    dom0.configure('xen: { guests: { a: { prefixes: ["2001:db8:1::/64"] }, b: { prefixes: ["2001:db8:2::/64"] } } }');
    start({ domid: 7, name: 'a' }, '2001:db8:1::77/64');
    const liar = start({ domid: 8, name: 'b' }, '2001:db8:2::77/64');
    for (const source of ['2001:db8:1::66', '2001:db8:ffff::2']) {
      done(liar.run('ip', 'addr', 'add', `${source}/128`, 'dev', 'lo'));
      liar.run('ping', '-c1', '-W1', '-I', source, '2001:db8:ffff::1');
    }
    expect(JSON.parse(dom0.sixgate('--json', 'xen', 'status').stdout)).toMatchObject({ dropped: { forged: 2 } });
  });
});

describe('coming and going', () => {
  const xen = `xen:
  uplink: eth0
  guests:
    mydomu1: { prefixes: ["2001:db8:1::/64"] }
    MYDOMU1: { prefixes: ["2001:db8:2::/64"] }
    my.omu1: { vifs: { 0: { prefixes: ["2001:db8:3::/64"] }, 1: { addresses: ["2001:db8:ffff::31"], proxyNdp: true } } }
    00:16:3e:00:00:2a: { prefixes: ["2001:db8:4::/64"] }
    0df3b2a6-1c1c-4c1c-8c1c-00000000002b: { prefixes: ["2001:db8:5::/64"] }
`;
  const routes = (): string[] =>
    done(dom0.run('ip', '-6', 'route', 'show', 'proto', '66'))
      .split('\n')
      .map((line) => /^(\S+) dev (\S+)/.exec(line)?.slice(1).join(' ') ?? '')
      .filter((line) => line !== '')
      .sort();

  test('names are exact; UUID and MAC address go before them; each interface has its own', () => {
    dom0.configure(xen);
    const names = ['mydomu1', 'MYDOMU1', 'my.omu1', 'my1omu1'];
    for (const [index, name] of names.entries()) done(dom0.vif('online', dom0.create({ domid: 10 + index, name })));
    done(dom0.vif('online', dom0.create({ domid: 12, devid: 1, name: 'my.omu1' })));
    done(dom0.vif('online', dom0.create({ domid: 0x2a, name: 'x' })));
    done(dom0.vif('online', dom0.create({ domid: 0x2b, name: 'y' })));
    expect(routes()).toEqual([
      '2001:db8:1::/64 vif10.0',
      '2001:db8:2::/64 vif11.0',
      '2001:db8:3::/64 vif12.0',
      '2001:db8:4::/64 vif42.0',
      '2001:db8:5::/64 vif43.0',
      '2001:db8:ffff::31 vif12.1',
    ]);
  });

  test('eight at once, and each again', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `g${index}`);
    dom0.configure(
      `xen:\n  guests:\n${names.map((name, index) => `    ${name}: { prefixes: ["2001:db8:${index + 1}::/64"] }\n`).join('')}`,
    );
    const guests = names.map((name, index) => dom0.create({ domid: 20 + index, name }));
    const program = join(import.meta.dirname, '../../bin/sixgate');
    const online = async () =>
      Promise.all(
        guests.map(async ({ domid }) =>
          dom0.start(
            { XENBUS_PATH: `backend/vif/${domid}/0`, type_if: 'vif' },
            program,
            '--config',
            join(dom0.directory, 'etc/sixgate/config.yaml'),
            '--runtime-dir',
            join(dom0.directory, 'run'),
            'xen',
            'vif',
            'online',
          ),
        ),
      );
    const quiet = guests.map(() => ({ code: 0, stdout: '', stderr: '' }));
    expect(await online()).toEqual(quiet);
    const ruleset = (): string => done(dom0.run('nft', '-s', 'list', 'table', 'ip6', 'sixgate_xen'));
    const [first, rules] = [routes(), ruleset()];
    expect(first).toHaveLength(8);
    for (const { device } of guests) expect(rules).toContain(`"${device}"`);
    expect(rules.match(/counter name/g)).toHaveLength(2);
    expect(await online()).toEqual(quiet);
    expect([routes(), ruleset()]).toEqual([first, rules]);
    expect(dom0.sixgate('xen', 'status')).toMatchObject({ code: 0 });
    for (const guest of guests) {
      dom0.unplug(guest);
      done(dom0.vif('offline', guest));
    }
    expect(dom0.traces()).toBe('');
  });

  test('offline undoes what online did, not what the configuration says by then, and always ends with 0', () => {
    dom0.configure(xen);
    const guest = dom0.create({ domid: 12, devid: 1, name: 'my.omu1' });
    done(dom0.vif('online', guest));
    dom0.unplug(guest);
    dom0.configure('xen: [');
    expect(dom0.vif('offline', guest)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(dom0.traces()).toBe('');
    expect(dom0.vif('offline', guest)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(dom0.sixgate('xen', 'vif', 'offline', '--path', 'nonsense')).toMatchObject({ code: 0 });
  });

  test('a guest that migrates to this very host comes before it goes', () => {
    dom0.configure(xen);
    const old = dom0.create({ domid: 12, devid: 1, name: 'my.omu1' });
    done(dom0.vif('online', old));
    const fresh = dom0.create({ domid: 13, devid: 1, name: 'my.omu1--incoming' });
    done(dom0.vif('online', fresh));
    dom0.unplug(old);
    done(dom0.vif('offline', old));
    expect(routes()).toEqual(['2001:db8:ffff::31 vif13.1']);
    expect(dom0.run('ip', '-6', 'neigh', 'show', 'proxy').stdout).toContain('2001:db8:ffff::31');
    dom0.unplug(fresh);
    done(dom0.vif('offline', fresh));
    expect(dom0.traces()).toBe('');
  });

  test('xenstore that does not answer: the guest is filtered, and the reason is told', () => {
    dom0.configure(xen);
    const guest = dom0.create({ domid: 7, name: 'mydomu1' });
    const strange = { ...guest, domid: 99 };
    const told = dom0.vif('online', strange, '--device', 'vif7.0');
    expect(told.code).toBe(0);
    expect(told.stderr).toContain("couldn't read path /local/domain/99/name");
    expect(done(dom0.run('nft', 'list', 'set', 'ip6', 'sixgate_xen', 'vifs'))).toContain('"vif7.0"');
  });
});

test('beside "sixgate run" a flush of all rules does not leave guests without filter', async () => {
  dom0.configure('xen: { guests: { web1: { prefixes: ["2001:db8:1::/64"] } } }');
  const guest = dom0.create({ domid: 7, name: 'web1' });
  done(dom0.vif('online', guest));
  const program = join(import.meta.dirname, '../../bin/sixgate');
  const places = [
    '--config',
    join(dom0.directory, 'etc/sixgate/config.yaml'),
    '--runtime-dir',
    join(dom0.directory, 'run'),
    '--state-dir',
    join(dom0.directory, 'run'),
  ];
  const ended = dom0.start({}, 'timeout', '30', program, ...places, 'run');
  const filtered = (): boolean =>
    dom0.run('nft', 'list', 'table', 'ip6', 'sixgate_xen').stdout.match(/vif7.0|fib saddr/g)?.length === 2;
  const until = async (what: () => boolean): Promise<void> => {
    for (let tries = 0; !what(); tries++) {
      if (tries === 100) throw new Error('it did not come about');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const pid = (): string =>
    (
      JSON.parse(dom0.run('cat', join(dom0.directory, 'run/state.json')).stdout || '{}') as { daemon?: { pid: number } }
    ).daemon?.pid.toString() ?? '';
  try {
    await until(() => pid() !== '');
    expect(filtered()).toBe(true);
    const report = JSON.parse(dom0.run('cat', join(dom0.directory, 'run/state.json')).stdout) as object;
    expect(report).toMatchObject({ xen: [{ filtered: true, problem: null }] });
    // Once while the daemon looks, once with a guest that starts meanwhile.
    for (const round of [1, 2]) {
      done(dom0.run('nft', 'flush', 'ruleset'));
      if (round === 2) done(dom0.vif('online', guest));
      await until(filtered);
    }
    expect(JSON.parse(done(dom0.sixgate('--json', 'xen', 'status')))).toMatchObject({ guests: [{ faults: [] }] });
  } finally {
    dom0.run('kill', pid());
  }
  const told = await ended;
  expect(told.stderr + told.stdout).toContain('the filter of 1 guest interface(s) was gone, and is back');
}, 60_000);

describe('sync', () => {
  const xen = (prefix: string): string =>
    `xen: { uplink: eth0, guests: { web1: { prefixes: ["${prefix}"], addresses: ["2001:db8:ffff::7"], proxyNdp: true } } }`;

  beforeEach(() => {
    dom0.configure(xen('2001:db8:1::/64'));
  });

  function running(): Guest {
    const guest = dom0.create({ domid: 7, name: 'web1' });
    done(dom0.vif('online', guest));
    dom0.store('backend/vif/7/0/hotplug-status', 'connected');
    return guest;
  }

  test('after an edit: running guests have the new and not the old', () => {
    running();
    dom0.configure(xen('2001:db8:2::/64').replace('2001:db8:ffff::7', '2001:db8:ffff::8'));
    expect(dom0.sixgate('xen', 'status').stdout).toContain('says something else by now');
    expect(done(dom0.sixgate('xen', 'sync'))).toBe('vif7.0: interface 0 of web1 has what is configured\n');
    expect(done(dom0.run('ip', '-6', 'route', 'show', 'proto', '66')).match(/^\S+/gm)).toEqual([
      '2001:db8:2::/64',
      '2001:db8:ffff::8',
    ]);
    expect(dom0.run('ip', '-6', 'neigh', 'show', 'proxy').stdout).toMatch(/^2001:db8:ffff::8 dev eth0/);
    expect(dom0.run('ip', '-6', 'neigh', 'show', 'proxy').stdout).not.toContain('::7');
    expect(dom0.sixgate('xen', 'status')).toMatchObject({ code: 0 });
  });

  test('after somebody flushed all rules and routes', () => {
    running();
    done(dom0.run('nft', 'flush', 'ruleset'));
    done(dom0.run('ip', '-6', 'route', 'flush', 'proto', '66'));
    const told = dom0.sixgate('xen', 'status');
    expect(told).toMatchObject({ code: 3 });
    expect(told.stdout).toContain('no route to 2001:db8:1::/64');
    expect(told.stdout).toContain('it can forge sources');
    done(dom0.sixgate('xen', 'sync'));
    expect(dom0.sixgate('xen', 'status')).toMatchObject({ code: 0 });
  });

  test('after guests went unseen, and one started unseen', () => {
    const gone = running();
    dom0.unplug(gone);
    dom0.run('rm', '-r', join(dom0.directory, 'store/local/domain/0/backend/vif/7'));
    const fresh = dom0.create({ domid: 8, name: 'web1' });
    dom0.store('backend/vif/8/0/hotplug-status', 'connected');
    expect(dom0.sixgate('xen', 'status').stdout).toContain('it started without sixgate');
    expect(done(dom0.sixgate('xen', 'sync'))).toBe(
      'vif8.0: interface 0 of web1 has what is configured\nvif7.0: interface 0 of web1 is gone, and its traces are now\n',
    );
    expect(done(dom0.run('nft', 'list', 'set', 'ip6', 'sixgate_xen', 'vifs'))).toContain('{ "vif8.0" }');
    expect(existsSync(join(dom0.directory, 'run/xen/vif/7-0.json'))).toBe(false);
    expect(dom0.sixgate('xen', 'status')).toMatchObject({ code: 0 });
    dom0.unplug(fresh);
  });

  test('what has no record any longer cannot stay on the list of the filter', () => {
    running();
    const gone = dom0.create({ domid: 8, name: 'other' });
    done(dom0.vif('online', gone));
    dom0.unplug(gone);
    dom0.run('rm', '-r', join(dom0.directory, 'store/local/domain/0/backend/vif/8'));
    dom0.run('rm', join(dom0.directory, 'run/xen/vif/8-0.json'));
    done(dom0.sixgate('xen', 'sync'));
    expect(done(dom0.run('nft', 'list', 'set', 'ip6', 'sixgate_xen', 'vifs'))).toContain('{ "vif7.0" }');
  });

  test('a guest taken out of the configuration keeps the filter only; with "unlisted: ignore" nothing', () => {
    running();
    dom0.configure('xen: { guests: {} }');
    done(dom0.sixgate('xen', 'sync'));
    expect(done(dom0.run('ip', '-6', 'route', 'show', 'proto', '66'))).toBe('');
    expect(done(dom0.run('nft', 'list', 'set', 'ip6', 'sixgate_xen', 'vifs'))).toContain('"vif7.0"');
    dom0.configure('xen: { unlisted: ignore }');
    done(dom0.sixgate('xen', 'sync'));
    expect(dom0.traces()).toBe('');
  });

  test('a configuration that is wrong, or xenstore that does not answer, changes nothing', () => {
    running();
    const routes = (): string => done(dom0.run('ip', '-6', 'route', 'show', 'proto', '66'));
    const before = routes();
    dom0.configure('xen: { guests: { web1: {} } }');
    expect(dom0.sixgate('xen', 'sync')).toMatchObject({ code: 78 });
    dom0.configure(xen('2001:db8:2::/64'));
    dom0.run('rm', '-r', join(dom0.directory, 'store'));
    expect(dom0.sixgate('xen', 'sync')).toMatchObject({ code: 75 });
    expect(routes()).toBe(before);
  });
});
