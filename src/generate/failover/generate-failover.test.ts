import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failoverScriptPath } from './failover-script.ts';
import { generateFailover } from './generate-failover.ts';

const places = { stateFile: '/run/sixgate/failover', eventsDirectory: '/run/sixgate/events' };
const good = {
  interface: 'eth0',
  mac: '02:00:5e:10:20:30',
  lan: ['eth1=fd12:3456:789a::1/64'],
  length: 56,
  dhcpcdVersion: '9.4.1',
};

const cases: Record<string, object> = {
  'one-lan': good,
  'two-lans': {
    kind: 'failover',
    interface: 'enp1s0.7',
    mac: '00-16-3E-12-34-56',
    lan: ['eth1=fd12:3456:789a::1/64', 'eth2=fd12:3456:789a:1::1/64', 'eth1=fd12:3456:789a::53/64'],
    length: '60',
    iaid: '7',
    dhcpcdVersion: '10.1.0',
    name: 'isp',
    linkLocal: 'fe80::5',
    vrid: '17',
    priority: 100,
    advertInterval: 1000,
  },
  'synchronized-flows': { ...good, syncFlows: true },
  'own-client': { ...good, client: 'none', length: undefined, dhcpcdVersion: undefined },
};

const make = (intent: unknown) => generateFailover(intent, { target: 'keepalived', ...places });

describe('generate failover --for keepalived', () => {
  test.each(Object.entries(cases))('%s', async (name, intent) => {
    const made = make(intent);
    // dhcpcd.conf and the hook are those of an uplink, and tested there.
    const files = made.ok ? made.value.files.filter(({ path }) => !/dhcpcd(\.conf|-hook)$/.test(path)) : [];
    const text = files.map(({ path, mode, text: file }) => `==> ${path} ${mode.toString(8)}\n${file}`).join('\n');
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'goldens', 'keepalived', `${name}.txt`));
  });

  test('its client is the stateless one of the shared MAC address', () => {
    const made = make(good);
    const files = new Map(made.ok ? made.value.files.map(({ path, text }) => [path, text]) : []);
    expect(files.get('/etc/dhcpcd.conf')).toMatch(/^duid 00:03:00:01:02:00:5e:10:20:30$/m);
    expect(files.get('/etc/dhcpcd.conf')).toMatch(/^allowinterfaces wan0$/m);
    expect(files.get(failoverScriptPath)).toContain('start sixgate-dhcpcd.service');
    expect(files.has('/etc/systemd/system/sixgate-dhcpcd.service')).toBe(true);
  });
});

const refused: [object, string, string][] = [
  [{ ...good, mac: '02:00:5e:10:20' }, 'mac-address', 'mac: "02:00:5e:10:20" is not a MAC address'],
  [{ ...good, mac: '01:00:5e:10:20:30' }, 'mac-address', 'the address of a group'],
  [{ ...good, lan: [] }, 'intent-key', 'lan is missing'],
  [{ ...good, lan: 'eth1' }, 'intent-value', 'lan: "eth1" does not name an interface and an address'],
  [{ ...good, lan: 'eth1=fd12::1' }, 'prefix-syntax', 'lan: "fd12::1" has no prefix length'],
  [{ ...good, lan: 'eth1=fe80::1/64' }, 'intent-value', 'lan: fe80::1 is link-local'],
  [{ ...good, lan: 'a b=fd12::1/64' }, 'interface-name', 'lan: "a b" is not an interface name'],
  [{ ...good, lan: ['eth1=fd12::1/64', 'eth1=fd12::1/64'] }, 'intent-value', 'lan: fd12::1 stands twice for eth1'],
  [{ ...good, lan: 'eth0=fd12::1/64' }, 'interface-name', 'lan: eth0 is the way out as well'],
  [{ ...good, lan: 'wan0=fd12::1/64' }, 'interface-name', 'lan: wan0 is the way out as well'],
  [{ ...good, name: 'eth0' }, 'interface-name', 'name: eth0 is the port itself'],
  [{ ...good, name: 'a$(reboot)' }, 'interface-name', 'commands and configuration files would misread'],
  [{ ...good, linkLocal: 'fd12::1' }, 'intent-value', 'linkLocal: "fd12::1" is not link-local'],
  [{ ...good, vrid: 256 }, 'intent-value', 'vrid: "256" is not a whole number from 1 to 255'],
  [{ ...good, advertInterval: 15 }, 'intent-value', 'advertInterval: 15 ms is not a multiple of 10 ms'],
  [{ ...good, client: 'none' }, 'intent-value', 'length: it is for a client, and there is none'],
  [{ ...good, client: 'dhclient' }, 'intent-value', 'client: "dhclient" is none of dhcpcd, none'],
  [{ ...good, syncInterface: 'eth1' }, 'intent-value', 'syncInterface: it is for flows that are synchronized'],
  [{ ...good, peer: 'router2' }, 'intent-key', 'no such key: "peer"'],
];

test.each(refused)('%j is refused: %s', (intent, code, message) => {
  const made = make(intent);
  expect(made.ok ? [] : made.problem.map((problem) => problem.code)).toContain(code);
  expect(made.ok ? '' : made.problem[0]!.message).toContain(message);
});

test('any intent gives files or problems, and never throws', () => {
  const value = fc.oneof(fc.string(), fc.jsonValue(), fc.constantFrom(...Object.values(good)));
  const intents = fc.dictionary(fc.constantFrom(...Object.keys(good), 'name', 'vrid', 'x'), value);
  fc.assert(
    fc.property(intents, (intent) => {
      const made = make({ ...good, ...intent });
      if (!made.ok) expect(made.problem.length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});
