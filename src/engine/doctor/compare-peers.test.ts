import { expect, test } from 'vitest';
import { homeConfig, homeReport } from '../../testing/healthy-host.ts';
import { digestOfConfig, type UplinkIdentity } from '../node-identity.ts';
import type { Report } from '../report.ts';
import { comparePeers } from './compare-peers.ts';

const uplink: UplinkIdentity = {
  uplink: 'dsl',
  interface: 'wan0',
  mac: '02:00:5e:10:20:30',
  duid: '00:03:00:01:02:00:5e:10:20:30',
  iaid: 1,
  hint: 58,
};

function report(state: 'active' | 'passive' | 'fault', changes: Partial<UplinkIdentity> = {}, config = 'aaaa'): Report {
  const failover = { state, since: homeReport.written };
  return { ...homeReport, failover, identity: { config, uplinks: [{ ...uplink, ...changes }] } };
}

const compare = (one: Report, other: Report) => comparePeers({ name: 'a', report: one }, { name: 'b', report: other });
const wrong = (one: Report, other: Report) =>
  compare(one, other)
    .filter(({ result }) => result !== 'ok')
    .map(({ id, result, found }) => `${result} ${id}: ${found}`);

test('two that are one to the provider', () => {
  const findings = compare(report('active'), report('passive'));
  expect(findings.map(({ id, result }) => `${id} ${result}`)).toEqual([
    'peer:mac:dsl ok',
    'peer:duid:dsl ok',
    'peer:iaid:dsl ok',
    'peer:hint:dsl ok',
    'peer:inside ok',
    'peer:config ok',
    'peer:version ok',
    'peer:role ok',
  ]);
});

test.each<[Partial<UplinkIdentity>, string]>([
  [{ mac: '02:00:5e:10:20:31' }, 'problem peer:mac:dsl: the MAC address of dsl differs: 02:00:5e:10:20:30 on a, 02:00:5e:10:20:31 on b'], // prettier-ignore
  [{ duid: '00:01:00:01:2a' }, 'problem peer:duid:dsl: the DUID of dsl differs'],
  [{ iaid: 2 }, 'problem peer:iaid:dsl: the IAID of dsl differs: 1 on a, 2 on b'],
  [{ hint: 56 }, 'problem peer:hint:dsl: the length asked for of dsl differs: 58 on a, 56 on b'],
  [
    { duid: null },
    'warning peer:duid:dsl: the DUID of dsl is 00:03:00:01:02:00:5e:10:20:30 on one, and b does not know it',
  ],
])('%j', (changes, found) => {
  const [only, ...more] = wrong(report('active'), report('passive', changes));
  expect(only).toContain(found);
  expect(more).toEqual([]);
});

test('other files, other networks, another version', () => {
  const other = report('passive', {}, 'bbbb');
  const [network, ...networks] = other.networks;
  const changed = { ...other, networks: [{ ...network!, prefix: 'fd99::/58' }, ...networks] };
  expect(wrong(report('active'), { ...changed, daemon: { ...changed.daemon, version: '9.9.9' } })).toEqual([
    expect.stringContaining('problem peer:inside: the inside prefixes differs'),
    'problem peer:config: the configuration differs: aaaa on a, bbbb on b',
    expect.stringContaining('problem peer:version'),
  ]);
});

test.each([
  ['active', 'active', 'problem', 'both were active: a active, b active'],
  ['passive', 'passive', 'problem', 'a passive, b passive'],
  ['active', 'fault', 'warning', 'a active, b fault'],
] as const)('%s and %s', (one, other, result, found) => {
  expect(wrong(report(one), report(other))).toEqual([`${result} peer:role: ${found}`]);
});

test('an uplink that only one has, and one without a twin', () => {
  const alone = { ...report('active'), failover: null };
  const other = report('passive', { uplink: 'fibre' });
  expect(wrong(alone, other)).toEqual([
    'problem peer:uplink:dsl: only a has the uplink dsl',
    'problem peer:uplink:fibre: only b has the uplink fibre',
    'problem peer:role: a has no twin, b passive',
  ]);
});

test('the digest is of the content', () => {
  expect(digestOfConfig(homeConfig)).toBe(digestOfConfig(structuredClone(homeConfig)));
  expect(digestOfConfig({ ...homeConfig, translations: [] })).not.toBe(digestOfConfig(homeConfig));
});
