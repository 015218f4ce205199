import { describe, expect, test } from 'vitest';
import { homeReport, now } from '../testing/healthy-host.ts';
import { formatAge, formatReport } from './format-report.ts';
import { deriveStatus } from './status.ts';

const plain = { bold: same, dim: same, green: same, red: same, yellow: same };
function same(text: string): string {
  return text;
}

describe('ages: the two largest units, no zero', () => {
  test.each([
    [0, '0 s'],
    [499, '0 s'],
    [-5000, '0 s'],
    [500, '1 s'],
    [59_600, '1 min'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h'],
    [3_605_000, '1 h'],
    [11_520_000, '3 h 12 min'],
    [86_400_000, '1 d'],
    [90_000_000, '1 d 1 h'],
    [400 * 86_400_000, '400 d'],
  ])('%d ms: %s', (milliseconds, text) => expect(formatAge(milliseconds)).toBe(text));
});

test('a mapping without state says so, since its addresses are not plain to see', () => {
  const translations = homeReport.translations.map((each) => ({ ...each, mode: 'rfc6296' as const }));
  const text = formatReport(deriveStatus({ ...homeReport, translations }, true, now), now, plain);
  expect(text).toContain('<-> 2001:db8:a:aa80::/58  (RFC 6296: "sixgate trace" tells the addresses)\n');
});

test('everything that is known, once', () => {
  expect(formatReport(deriveStatus(homeReport, true, now), now, plain))
    .toBe(`sixgate 1.2.3, running since 2027-01-02T02:04:05.000Z (1 h)

uplink dsl  eth0, prefix from dhcpcd
  2001:db8:a:aa80::/58  in use, valid for 1 h, preferred for 30 min
  home: fd12:3456:789a::/58 <-> 2001:db8:a:aa80::/58

network home  fd12:3456:789a::/58
  lan  fd12:3456:789a::/64  eth1
  servers  fd12:3456:789a:1::/64  eth2
  remote  fd12:3456:789a:2::/64

guard  held: no flush of the ruleset removes it
  packets stopped: leaving 3, arriving 0
  changes 1, repairs 0, flows moved 2
`);
});

test('no daemon, no prefix, a problem, a change', () => {
  const report = {
    ...homeReport,
    uplinks: homeReport.uplinks.map((uplink) => ({ ...uplink, delegations: [] })),
    mappings: [],
    guard: {},
    activity: {
      ...homeReport.activity,
      lastChange: { at: new Date(now - 60_000).toISOString(), took: 12.5, because: 'a b c d e f g h'.split(' ') },
    },
    problems: [{ code: 'delegation-missing', message: 'none there', mend: 'Ask.', since: 'then' }] as const,
  };
  const text = formatReport(deriveStatus(report, false, now), now, plain);
  expect(text).toMatch(/^sixgate is not running; this is what it left at 2027-01-02T03:04:04.000Z/);
  expect(text).toContain('\n  no delegated prefix\n');
  expect(text).toContain('\nguard  not held\n');
  expect(text).not.toContain('packets stopped');
  expect(text).toContain(
    '\n  last change 1 min ago, took 12.5 ms:\n    a\n    b\n    c\n    d\n    e\n    f\n    and 2 more\n',
  );
  expect(text).toContain('\nproblem delegation-missing  since then\n  none there\n  Ask.\n');
});

test('lifetimes that are over, and those that never end', () => {
  const [uplink] = homeReport.uplinks;
  const delegation = {
    ...uplink!.delegations[0]!,
    current: false,
    preferredUntil: new Date(now).toISOString(),
    validUntil: null,
  };
  const report = { ...homeReport, uplinks: [{ ...uplink!, delegations: [delegation] }] };
  expect(formatReport(deriveStatus(report, true, now), now, plain)).toContain(
    'inbound only, valid for ever, preferred no longer\n',
  );
});

test.each([
  [{ state: 'active', since: homeReport.written }, /^fail-over {2}active, since /m],
  [{ state: 'passive', since: null }, /^fail-over {2}passive: it keeps the guard and waits, nobody has said so yet$/m],
  [{ state: 'fault', since: homeReport.written }, /^fail-over {2}passive, and could not take over/m],
] as const)('one of two routers: %j', (failover, line) => {
  const plain = (text: string) => text;
  const colors = { bold: plain, dim: plain, green: plain, red: plain, yellow: plain };
  const report = { ...homeReport, failover };
  expect(formatReport(deriveStatus(report, true, now), now, colors)).toMatch(line);
});

test('guests of a Xen host: who has what, and who has not', () => {
  const of = (device: string, change: object) => ({
    what: 'interface 0 of web1',
    device,
    entry: 'web1',
    filtered: true,
    gateways: ['fe80::1/64'],
    prefixes: ['2001:db8:0:101::/64'],
    problem: null,
    ...change,
  });
  const xen = [of('vif7.0', {}), of('vif8.0', { filtered: false, prefixes: [], problem: 'nft failed' })];
  const text = formatReport(deriveStatus({ ...homeReport, xen }, true, now), now, plain);
  expect(text).toContain('interface 0 of web1  vif7.0\n  2001:db8:0:101::/64\n');
  expect(text).toContain('interface 0 of web1  vif8.0, not filtered\n  nft failed\n');
});
