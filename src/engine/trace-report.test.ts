import { expect, test } from 'vitest';
import { address, homeConfig, homeDelegation, homeReport, now } from '../testing/healthy-host.ts';
import { deriveDesired } from './desired.ts';
import { configOfReport, mappingsOfReport } from './trace-report.ts';
import { traceAddress } from './trace-address.ts';

const { mappings } = deriveDesired(homeConfig, [homeDelegation], now);

test.each([
  'fd12:3456:789a::10',
  'fd12:3456:789a:1::10',
  '2001:db8:a:aa81::10',
  '2001:db8:a:aa80::10',
  'fd99::1',
  '2001:db8:ffff::1',
])('out of a report, %s is traced as out of the configuration', (text) => {
  const lines = traceAddress(address(text), configOfReport(homeReport), mappingsOfReport(homeReport));
  expect(lines).toEqual(traceAddress(address(text), homeConfig, mappings));
});

test('a translation of what is not in the report is left out', () => {
  expect(configOfReport({ ...homeReport, uplinks: [] }).translations).toEqual([]);
});
