import { expect, test } from 'vitest';
import { homeConfig, prefix } from '../../testing/healthy-host.ts';
import type { Network, Translation } from '../config.ts';
import { offloadedPackets } from './offloaded-packets.ts';

const [translation] = homeConfig.translations;
const subnet = { name: 'lan', id: 0, prefix: prefix('fd12:3456:789a::/64') };
/** As `hook: in -> out`, each once. */
function ways(network: Partial<Network>, change: Partial<Translation> = { offload: true }): string[] {
  const one = { ...translation!, network: { ...translation!.network, ...network }, ...change };
  const lines = offloadedPackets({ ...homeConfig, translations: [one] }).map(({ hooks, fields }) => {
    const name = (field: 'iifname' | 'oifname'): string => (fields[field] as { text: string } | undefined)?.text ?? '*';
    return `${hooks.join()}: ${name('iifname')} -> ${name('oifname')}`;
  });
  return [...new Set(lines)];
}
const back = ['prerouting: eth0 -> *', 'forward: eth0 -> *', 'postrouting: * -> *'];

test('both ways between the uplink and the interface of a subnet', () => {
  expect(ways({ subnets: [{ ...subnet, interface: 'eth1' }] })).toEqual([
    'prerouting: eth1 -> *',
    'forward: eth1 -> eth0',
    'postrouting: * -> eth0',
    'prerouting: eth0 -> *',
    'forward: eth0 -> eth1',
    'postrouting: * -> eth1',
  ]);
});

test('only what comes in for hosts behind an interface that is not named', () => {
  expect(ways({ subnets: [subnet] })).toEqual(back);
  expect(ways({ subnets: [] })).toEqual(back);
});

test('nothing where flows are not offloaded', () => {
  expect(ways({}, {})).toEqual([]);
});
