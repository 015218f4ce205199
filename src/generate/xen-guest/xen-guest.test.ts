import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { xenGuestCases } from '../../testing/xen-guest-cases.ts';
import { generateXenGuest, xenGuestTargets, type XenGuestTarget } from './generate-xen-guest.ts';
import { guestFileName } from './guest-file-name.ts';

const targets = Object.keys(xenGuestTargets) as XenGuestTarget[];

describe.each(targets)('generate xen-guest --for %s', (target) => {
  test.each(Object.entries(xenGuestCases))('%s', async (name, intent) => {
    const made = generateXenGuest(intent, target);
    const text = made.ok
      ? made.value.files.map(({ path, mode, text: file }) => `==> ${path} ${mode.toString(8)}\n${file}`).join('\n')
      : '';
    expect(text).not.toBe('');
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'goldens', target, `${name}.txt`));
  });
});

const good = { name: 'web', prefix: '2001:db8:0:1::/64' };
const p2p = { ipv4: '192.0.2.31', ipv4Gateway: '192.0.2.1' };
const refused: [object, string, string][] = [
  [{ prefix: '2001:db8::/64' }, 'intent-key', 'name is missing'],
  [{ name: 'web' }, 'intent-key', 'prefix is missing'],
  [{ ...good, name: '' }, 'guest-name', 'name: "" is not a name'],
  [{ ...good, name: 'a\nb' }, 'guest-name', String.raw`name: "a\u{a}b" is not a name`],
  [{ ...good, name: 'a/../b' }, 'guest-name', 'is not a name'],
  [{ ...good, name: 'web ' }, 'guest-name', 'is not a name'],
  [{ ...good, name: '\ud800' }, 'guest-name', 'is not a name'],
  [{ ...good, prefix: '2001:db8:0:1::5/64' }, 'prefix-host-bits', 'prefix: '],
  [{ ...good, prefix: 'fe80::/64' }, 'guest-address', 'prefix: fe80::/64 is link-local'],
  [{ ...good, prefix: 'ff02::/64' }, 'guest-address', 'prefix: ff02::/64 is '],
  [{ ...good, prefix: ['2001:db8::/32', '2001:db8:1::/64'] }, 'guest-address', 'have addresses in common'],
  [{ ...good, routed: '2001:db8::/60' }, 'guest-address', 'have addresses in common'],
  [{ ...good, address: '::1' }, 'guest-address', 'address: ::1 is '],
  [{ ...good, address: '2001:db8::1/64' }, 'address-syntax', 'address: '],
  [{ ...good, gateway: '2001:db8:0:2::1' }, 'guest-address', 'gateway: 2001:db8:0:2::1 is not link-local and not in'],
  [{ ...good, gateway: '2001:db8:0:1::9', address: '2001:db8:0:1::9' }, 'guest-address', 'is the gateway'],
  [{ name: 'web', address: '2001:db8::9', gateway: '2001:db8::1' }, 'guest-address', 'there is no prefix'],
  [{ name: 'web', prefix: '2001:db8::1/128', gateway: '2001:db8::1' }, 'guest-address', 'has no address for the guest'],
  [{ ...good, gateway: 'nobody' }, 'address-syntax', 'gateway: '],
  [{ ...good, proxyNdp: true }, 'guest-address', 'proxyNdp: it is about single addresses'],
  [{ ...good, ipv4: '192.0.2.31' }, 'intent-key', 'ipv4Gateway is missing'],
  [{ ...good, ipv4Gateway: '192.0.2.1' }, 'intent-key', 'ipv4 is missing'],
  [{ ...good, ...p2p, ipv4: '192.0.2.1' }, 'guest-address', 'is the guest itself'],
  [{ ...good, ...p2p, ipv4: '127.0.0.1' }, 'guest-address', 'ipv4: "127.0.0.1" is no address of a host'],
  [{ ...good, mac: '01:00:5e:00:00:01' }, 'mac-address', 'mac: '],
  [{ ...good, device: 1.5 }, 'intent-value', 'device: '],
  [{ ...good, interface: 'eth0; reboot' }, 'interface-name', 'interface: '],
  [{ ...good, vifname: 'vif,script=x' }, 'interface-name', 'vifname: '],
  [{ ...good, script: '/bin/sh' }, 'intent-value', 'script: '],
  [{ ...good, dns: 'dns.example' }, 'address-syntax', 'dns: '],
  [{ ...good, colour: 'red' }, 'intent-key', 'no such key: "colour"'],
  [{ ...good, kind: '6to4' }, 'intent-value', 'kind: '],
];

test.each(refused)('%j is refused: %s', (intent, code, message) => {
  const made = generateXenGuest(intent, 'ifupdown');
  expect(made.ok ? [] : made.problem.map((problem) => problem.code)).toEqual([code]);
  expect(made.ok ? '' : made.problem[0]!.message).toContain(message);
});

test('any intent gives files or problems, and never throws', () => {
  const value = fc.oneof(fc.string(), fc.jsonValue(), fc.constantFrom('2001:db8::/64', 'fe80::1', '192.0.2.1', 'eth0'));
  const keys = ['name', 'prefix', 'address', 'gateway', 'routed', 'ipv4', 'ipv4Gateway', 'dns', 'mac', 'device', 'x'];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), value), fc.constantFrom(...targets), (intent, target) => {
      const made = generateXenGuest(intent, target);
      if (!made.ok) expect(made.problem.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

test('whatever the name is, it stays in its line and the file in its directory', () => {
  const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(name, fc.constantFrom(...targets), (guest, target) => {
      const made = generateXenGuest({ ...good, name: guest }, target);
      if (!made.ok) return;
      const plain = generateXenGuest(good, target);
      const [file] = made.value.files;
      const [other] = plain.ok ? plain.value.files : [];
      expect(file!.text.split('\n').filter((line) => !line.startsWith('#')).length).toBe(
        other!.text.split('\n').filter((line) => !line.startsWith('#')).length,
      );
      expect(file!.path.split('/').length).toBe(other!.path.split('/').length);
      expect(guestFileName(guest)).toMatch(/^[A-Za-z0-9._%-]+$/);
    }),
    { numRuns: 500 },
  );
});

test('each prefix has an address of its own, never that of the gateway', () => {
  const addresses = (intent: object): string[] => {
    const made = generateXenGuest({ name: 'web', ...intent }, 'networkd');
    return made.ok ? [...made.value.files[0]!.text.matchAll(/^Address=(.*)$/gm)].map(([, text]) => text!) : [];
  };
  expect(addresses({ prefix: '2001:db8::/64' })).toEqual(['2001:db8::2/64']);
  expect(addresses({ prefix: '2001:db8::/64', gateway: '2001:db8::2' })).toEqual(['2001:db8::1/64']);
  expect(addresses({ prefix: '2001:db8::/127' })).toEqual(['2001:db8::1/127']);
  expect(addresses({ prefix: '2001:db8::/127', gateway: '2001:db8::1' })).toEqual(['2001:db8::/127']);
  expect(addresses({ prefix: '2001:db8::5/128' })).toEqual(['2001:db8::5/128']);
  expect(addresses({ prefix: '2001:db8::/64', address: ['2001:db8::a', '2001:db9::b'] })).toEqual([
    '2001:db8::a/64',
    '2001:db9::b/128',
  ]);
});
