import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { natGatewayCases } from '../../testing/tunnel-cases.ts';
import { generateNatGateway, natGatewayTargets, type NatGatewayTarget } from './generate-nat-gateway.ts';

const targets = Object.keys(natGatewayTargets) as NatGatewayTarget[];

describe.each(targets)('generate nat-gateway --for %s', (target) => {
  test.each(Object.entries(natGatewayCases))('%s', async (name, intent) => {
    const made = generateNatGateway(intent, target);
    const text = made.ok
      ? made.value.files.map(({ path, mode, text: file }) => `==> ${path} ${mode.toString(8)}\n${file}`).join('\n')
      : '';
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'goldens', target, `${name}.txt`));
  });
});

const good = { external: '8.8.4.4', target: '192.168.1.10' };
const refused: [object, string, string][] = [
  [{ ...good, external: '192.168.1.1' }, 'tunnel-address', 'external: "192.168.1.1" is private'],
  [{ ...good, external: '100.64.9.9' }, 'tunnel-address', 'external: "100.64.9.9" is shared by a provider'],
  [{ ...good, external: '256.1.1.1' }, 'address-syntax', 'external: "256.1.1.1" is not an IPv4 address'],
  [{ ...good, target: '9.9.9.9' }, 'tunnel-local', 'target: 9.9.9.9 is no private address'],
  [{ ...good, target: '8.8.4.4' }, 'tunnel-local', 'target: 8.8.4.4 is the external address itself'],
  [{ ...good, target: ['192.168.1.10', '192.168.1.11'] }, 'nat-two-hosts', 'cannot share one public address'],
  [{ ...good, peer: '10.0.0.1' }, 'tunnel-address', 'peer: "10.0.0.1" is private'],
  [{ ...good, peer: ['8.8.4.4'] }, 'tunnel-address', 'peer: 8.8.4.4 is this gateway itself'],
  [{ ...good, wan: 'a b' }, 'interface-name', 'wan: "a b" is not an interface name'],
  [{ ...good, wan: 'eth0', lan: 'eth0' }, 'interface-name', 'lan: eth0 is the way out as well'],
  [{ external: '8.8.4.4' }, 'intent-key', 'target is missing'],
  [{ ...good, target: [] }, 'intent-key', 'target is missing'],
  [{ ...good, colour: 'red' }, 'intent-key', 'no such key: "colour"'],
];

test.each(refused)('%j is refused: %s', (intent, code, message) => {
  const made = generateNatGateway(intent, 'nftables');
  expect(made.ok ? [] : made.problem.map((problem) => problem.code)).toEqual([code]);
  expect(made.ok ? '' : made.problem[0]!.message).toContain(message);
});

test('any intent gives files or problems, and never throws', () => {
  const value = fc.oneof(fc.string(), fc.jsonValue(), fc.constantFrom('8.8.4.4', '10.0.0.1', 'eth0', ['10.0.0.1']));
  const intents = fc.dictionary(fc.constantFrom('external', 'target', 'peer', 'wan', 'lan', 'x'), value);
  fc.assert(
    fc.property(intents, fc.constantFrom(...targets), (intent, target) => {
      const made = generateNatGateway(intent, target);
      if (!made.ok) expect(made.problem.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});
