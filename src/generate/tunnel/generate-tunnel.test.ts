import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tunnelCases } from '../../testing/tunnel-cases.ts';
import type { Generated } from '../generated.ts';
import { generateTunnel } from './generate-tunnel.ts';
import { ifupdownFlavours } from './ifupdown.ts';
import { tunnelKeys } from './read-tunnel.ts';
import { tunnelTargets, type TunnelTarget } from './tunnel-targets.ts';
import { tunnelKinds } from './tunnel.ts';

const targets = Object.keys(tunnelTargets) as TunnelTarget[];
/** What the tunnel itself needs; what stands beside it is the same for all targets. */
const beside = /^\/etc\/(sixgate|radvd|dnsmasq|sysctl|systemd\/system\/)/;

function format(generated: Generated, which: (path: string) => boolean): string {
  if (!generated.ok) return generated.problem.map(({ code, message }) => `${code}: ${message}\n`).join('');
  return generated.value.files
    .filter(({ path }) => which(path))
    .map(({ path, mode, text }) => `==> ${path} ${mode.toString(8)}\n${text}`)
    .join('\n');
}

function golden(folder: string, name: string): string {
  return join(import.meta.dirname, 'goldens', folder, `${name}.txt`);
}

describe.each(Object.entries(tunnelCases))('%s', (name, { kind, intent }) => {
  test.each(targets)('for %s', async (target) => {
    const made = generateTunnel(intent, { kind, target });
    await expect(format(made, (path) => !beside.test(path))).toMatchFileSnapshot(golden(target, name));
  });

  test.each(ifupdownFlavours.slice(1))('for ifupdown, flavour %s', async (flavour) => {
    const made = generateTunnel({ ...intent, advertise: 'none' }, { kind, target: 'ifupdown', flavour });
    await expect(format(made, (path) => !beside.test(path))).toMatchFileSnapshot(golden(flavour, name));
  });

  test('beside it', async () => {
    const made = generateTunnel(intent, { kind, target: kind === '6rd' ? 'ifupdown' : 'netplan' });
    await expect(format(made, (path) => beside.test(path))).toMatchFileSnapshot(golden('beside', name));
  });
});

describe('every target and kind', () => {
  test('never has the withdrawn relay, in any spelling, but to filter it', () => {
    for (const { kind, intent } of Object.values(tunnelCases)) {
      for (const target of targets) {
        const made = generateTunnel(intent, { kind, target });
        if (!made.ok) continue;
        for (const { text } of made.value.files) {
          const active = text.split('\n').filter((line) => !line.startsWith('#'));
          expect(active.join('\n')).not.toMatch(/192\.88\.99\.|c058:6301|inet6 6to4|proto=6to4/);
        }
      }
    }
  });

  test('warns of addresses for documentation, and only of those', () => {
    const example = generateTunnel({ ipv4: '203.0.113.4' }, { kind: '6to4', target: 'networkd' });
    expect(example.ok && example.value.warnings.map(({ code }) => code)).toEqual(['example-address']);
    expect(example.ok && example.value.files[0]!.text).toContain('# EXAMPLE:');
    const sixInFour = (address: string): Generated =>
      generateTunnel({ local: '8.8.4.4', remote: '9.9.9.9', address }, { kind: '6in4', target: 'netplan' });
    const [inner, none] = [sixInFour('2001:db8::2/64'), sixInFour('2a00::2/64')];
    expect(inner.ok && inner.value.warnings.map(({ code }) => code)).toEqual(['example-address']);
    expect(none.ok && none.value.warnings).toEqual([]);
    const real = generateTunnel({ ipv4: '8.8.4.4' }, { kind: '6to4', target: 'networkd' });
    expect(real.ok && real.value.warnings).toEqual([]);
    expect(real.ok && real.value.files[0]!.text).not.toContain('EXAMPLE');
  });

  test('a real site has no route to addresses for documentation, an example has', () => {
    const routes = (ipv4: string): string =>
      format(generateTunnel({ ipv4 }, { kind: '6to4', target: 'networkd' }), () => true);
    expect(routes('8.8.4.4')).toContain('Destination=2002:c633:6400::/40');
    expect(routes('203.0.113.4')).not.toContain('Destination=2002:c633:6400::/40');
  });

  test('warns of an MTU that Ethernet does not carry, and explains every other', () => {
    const made = generateTunnel({ ipv4: '8.8.4.4', mtu: 1481 }, { kind: '6to4', target: 'netplan' });
    expect(made.ok && made.value.warnings.map(({ code }) => code)).toEqual(['tunnel-mtu']);
    expect(made.ok && made.value.advice.join(' ')).toContain('The MTU is 1481 because that was asked for');
  });
});

/** Texts that would mean something to one of the grammars. */
const hostile = fc.oneof(
  fc.constantFrom(
    'eth0\nup reboot',
    'x;reboot',
    '$(reboot)',
    '`id`',
    "a'b",
    'a"b',
    'a\\',
    '#',
    '%n',
    '[Match]',
    '{',
    '}',
    ' a',
    'a b',
    '../x',
    '-a',
    'a\u2028b',
    'a\0b',
    'é',
    'true',
    '1',
    'null',
    '~',
    '&a',
    '*a',
    '!x',
    '|',
    '>',
    '@',
    'a:b',
    'a,b',
    'a=b',
    'eth0',
    'br-lan.5',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ maxLength: 20 }),
);
const anything = fc.oneof(
  hostile,
  fc.constantFrom(
    '203.0.113.4',
    '8.8.8.8',
    '10.0.0.1',
    '192.88.99.1',
    '2001:db8::/32',
    '2001:db8::2/64',
    '2001:db8:1::/48',
    '1=eth1',
    '0=e',
  ),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(hostile, fc.constant('1=eth1'), fc.jsonValue()), { maxLength: 3 }),
  fc.jsonValue(),
);

describe('any intent', () => {
  test.each(tunnelKinds)('%s gives files or problems and never throws', (kind) => {
    const keys = tunnelKeys[kind];
    const intents = fc.oneof(
      fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string({ maxLength: 8 })), anything),
      fc.jsonValue(),
    );
    const run = fc.property(intents, fc.constantFrom(...targets), (intent, target) => {
      const made = generateTunnel(intent, { kind, target });
      if (!made.ok) expect(made.problem.length).toBeGreaterThan(0);
    });
    fc.assert(run, { numRuns: 500 });
  });

  test.each(Object.entries(tunnelCases))('%s: no value breaks out of its place', (_, { kind, intent }) => {
    const keys = tunnelKeys[kind].filter((key) => key !== 'kind');
    const run = fc.property(
      fc.constantFrom(...keys),
      hostile,
      fc.constantFrom(...targets),
      fc.constantFrom(...ifupdownFlavours),
      (key, text, target, flavour) => {
        const value = key === 'subnet' ? `1=${text}` : text;
        const made = generateTunnel(
          { ...intent, [key]: value },
          { kind, target, ...(target === 'ifupdown' && { flavour }) },
        );
        if (!made.ok) return;
        for (const { path, text: file } of made.value.files) {
          expect(path).toMatch(/^\/etc(\/[A-Za-z0-9][A-Za-z0-9._-]*)+$/);
          for (const line of file.split('\n')) {
            // Nothing but what this generator writes itself: no character of a shell, none that is not ASCII.
            expect(line).toMatch(/^[\t\x20-\x7e]*$/);
            if (!line.startsWith('#') || line.startsWith('#!')) {
              const foreign = line.replaceAll(/\$IFACE| \|\| true$|; policy|;$|(?<=--u32 "[^"]*)&/g, '');
              expect(foreign).not.toMatch(/[`$;|&<'\\%]/);
            }
          }
        }
      },
    );
    fc.assert(run, { numRuns: 150 });
  });
});
