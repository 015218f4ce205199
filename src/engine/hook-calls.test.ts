import { expect, test } from 'vitest';
import { deriveHookCalls } from './hook-calls.ts';
import type { ProblemReport, Report } from './report.ts';

type View = Pick<Report, 'uplinks' | 'problems'>;

const delegation = (prefix: string, current = false) => ({
  iaid: 1,
  prefix,
  preferredUntil: null,
  validUntil: '2026-11-23T10:00:00.000Z',
  since: '2026-11-23T09:00:00.000Z',
  current,
});
const view = (delegations: ReturnType<typeof delegation>[], problems: ProblemReport[] = []): View => ({
  uplinks: [{ name: 'dsl', interface: 'eth0', source: 'dhcpcd', delegations }],
  problems,
});
const problem = (code: ProblemReport['code'], message = 'bad'): ProblemReport => ({
  code,
  message,
  mend: null,
  since: '',
});
const brief = (before: View | undefined, after: View): string[] =>
  deriveHookCalls(before, after).map(
    ({ event, variables: { SIXGATE_PREFIX: now = '-', SIXGATE_OLD_PREFIX: old = '-' } }) => `${event} ${now} ${old}`,
  );
const [a, b] = ['2001:db8:a::/56', '2001:db8:b::/56'];

test('what is known at the start is told as new', () => {
  expect(deriveHookCalls(undefined, view([delegation(a, true)]))).toEqual([
    {
      event: 'prefix-added',
      variables: {
        SIXGATE_UPLINK: 'dsl',
        SIXGATE_INTERFACE: 'eth0',
        SIXGATE_PREFIX: a,
        SIXGATE_IAID: '1',
        SIXGATE_PREFERRED_UNTIL: 'forever',
        SIXGATE_VALID_UNTIL: '2026-11-23T10:00:00.000Z',
      },
    },
    { event: 'uplink-up', variables: expect.objectContaining({ SIXGATE_PREFIX: a }) as unknown },
  ]);
});

test('the same again is nothing, and neither is another deadline', () => {
  expect(brief(view([delegation(a, true)]), view([{ ...delegation(a, true), validUntil: null as never }]))).toEqual([]);
});

test('another prefix: added, used, and the old one gone later', () => {
  const both = view([delegation(a), delegation(b, true)]);
  expect(brief(view([delegation(a, true)]), both)).toEqual([`prefix-added ${b} -`, `prefix-changed ${b} ${a}`]);
  expect(brief(both, view([delegation(b, true)]))).toEqual([`prefix-gone - ${a}`]);
  expect(brief(view([delegation(b, true)]), view([]))).toEqual([`uplink-down - ${b}`, `prefix-gone - ${b}`]);
});

test('an uplink that the configuration has no longer is down', () => {
  expect(brief(view([delegation(a, true)]), { uplinks: [], problems: [] })).toEqual([
    `uplink-down - ${a}`,
    `prefix-gone - ${a}`,
  ]);
});

test('problems, but not those of hooks', () => {
  const bad = view([], [problem('delegation-missing'), problem('hook-failed')]);
  expect(deriveHookCalls(view([]), bad)).toEqual([
    { event: 'problem-begun', variables: { SIXGATE_PROBLEM: 'delegation-missing', SIXGATE_MESSAGE: 'bad' } },
  ]);
  expect(deriveHookCalls(bad, view([]))).toMatchObject([{ event: 'problem-ended' }]);
});

test('which uplink is reached, and which one a network leaves by', () => {
  const health = (state: 'up' | 'down' | 'unknown') => ({ state, since: '', why: `it is ${state}`, answered: null });
  const steered = (state: 'up' | 'down' | 'unknown', uplink: string | null) => ({
    uplinks: [{ name: 'fiber', interface: 'eth0', source: 'dhcpv6', delegations: [], health: health(state) }],
    networks: [{ name: 'home', prefix: '', subnets: [], way: { uplink, because: 'so it is' } }],
    problems: [],
  });
  const told = (before: Parameters<typeof deriveHookCalls>[0], after: Parameters<typeof deriveHookCalls>[1]) =>
    deriveHookCalls(before, after).map(({ event, variables }) => [event, variables]);
  expect(told(undefined, steered('unknown', null))).toEqual([]);
  expect(told(steered('unknown', null), steered('up', 'fiber'))).toEqual([
    ['uplink-reached', { SIXGATE_UPLINK: 'fiber', SIXGATE_INTERFACE: 'eth0', SIXGATE_WHY: 'it is up' }],
    ['way-changed', { SIXGATE_NETWORK: 'home', SIXGATE_UPLINK: 'fiber', SIXGATE_WHY: 'so it is' }],
  ]);
  expect(told(steered('up', 'fiber'), steered('down', 'lte'))).toEqual([
    ['uplink-unreached', { SIXGATE_UPLINK: 'fiber', SIXGATE_INTERFACE: 'eth0', SIXGATE_WHY: 'it is down' }],
    [
      'way-changed',
      { SIXGATE_NETWORK: 'home', SIXGATE_UPLINK: 'lte', SIXGATE_OLD_UPLINK: 'fiber', SIXGATE_WHY: 'so it is' },
    ],
  ]);
  expect(told(steered('down', 'lte'), steered('unknown', null))).toEqual([
    ['way-changed', { SIXGATE_NETWORK: 'home', SIXGATE_OLD_UPLINK: 'lte', SIXGATE_WHY: 'so it is' }],
  ]);
  expect(told(steered('up', 'fiber'), steered('up', 'fiber'))).toEqual([]);
});
