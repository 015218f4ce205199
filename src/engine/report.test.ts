import { describe, expect, test } from 'vitest';
import { homeFacts, homeReport } from '../testing/healthy-host.ts';
import { deriveReport, saysTheSame, summarizeReport } from './report.ts';

const [mapping] = homeReport.mappings;
const [network] = homeReport.networks;

test('a report says the same at another moment', () => {
  const later = { ...homeReport, written: '2030-01-01T00:00:00.000Z', mappings: [...homeReport.mappings] };
  expect(saysTheSame(homeReport, later)).toBe(true);
});

test.each([
  ['the counters', { guard: { leaving: 77 } }],
  ['a mapping', { mappings: [{ ...mapping!, outside: '2001:db8:99::/58' }] }],
  ['a mapping more', { mappings: [...homeReport.mappings, mapping!] }],
  ['a network', { networks: [{ ...network!, name: 'other' }] }],
  ['a subnet', { networks: [{ ...network!, subnets: network!.subnets.slice(1) }] }],
])('not where %s changed', (_what, change) => {
  expect(saysTheSame(homeReport, { ...homeReport, ...change })).toBe(false);
});

describe('in one line', () => {
  const many = (count: number) => Array.from({ length: count }, () => mapping!);
  test('few mappings stand in it, many are counted', () => {
    expect(summarizeReport({ ...homeReport, mappings: many(2), problems: [] })).toBe(
      `${mapping!.inside} <-> ${mapping!.outside}, ${mapping!.inside} <-> ${mapping!.outside}`,
    );
    expect(summarizeReport({ ...homeReport, mappings: many(10_000), problems: [] })).toBe(
      `10000 mappings, ${mapping!.inside} <-> ${mapping!.outside} and others`,
    );
  });
});

test('counters are in one order, whichever table was read first', () => {
  const counters = new Map(['denied', 'more', 'returning', 'leaving', 'arriving'].map((name) => [name, 0] as const));
  const { guard } = deriveReport({ ...homeFacts, counters });
  expect(Object.keys(guard)).toEqual(['leaving', 'arriving', 'returning', 'denied', 'more']);
});
