import { expect, test } from 'vitest';
import { parseIpv6 } from '../core/ipv6.ts';
import { homeConfig, homeDelegation, now, prefix } from '../testing/healthy-host.ts';
import type { Config, DnsHost } from './config.ts';
import { deriveDesired } from './desired.ts';
import { deriveDnsRecords } from './dns-records.ts';

const address = (text: string) => {
  const read = parseIpv6(text);
  if (!read.ok) throw new Error(text);
  return read.value;
};
const config = (host: Partial<DnsHost> = {}): Config => ({
  ...homeConfig,
  dns: [
    {
      name: 'own',
      service: { via: 'nsupdate', port: 53, ttl: 60 },
      hosts: [{ host: address('fd12:3456:789a:1::10'), name: 'www.example.org', ...host }],
    },
  ],
});
function addresses(of: Config, outside: string | undefined): (string | undefined)[] {
  const delegations = outside === undefined ? [] : [{ ...homeDelegation, prefix: prefix(outside) }];
  const { mappings } = deriveDesired(of, delegations, now);
  return deriveDnsRecords(of, mappings).map(({ value }) => value?.address);
}

test('the outside address', () => {
  expect(addresses(config(), '2001:db8:a:aa80::/58')).toEqual(['2001:db8:a:aa81::10']);
});

test('none without a mapping, on another uplink, or where it is not global', () => {
  expect(addresses(config(), undefined)).toEqual([undefined]);
  expect(addresses(config({ uplink: 'fibre' }), '2001:db8:a:aa80::/58')).toEqual([undefined]);
  expect(addresses(config(), 'fd77:0:0:40::/58')).toEqual([undefined]);
  expect(addresses(config({ host: address('fd99::10') }), '2001:db8:a:aa80::/58')).toEqual([undefined]);
});

test('without dns nothing', () => {
  expect(deriveDnsRecords(homeConfig, [])).toEqual([]);
});
