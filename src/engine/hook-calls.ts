import type { NetworkReport, ProblemReport, Report, UplinkReport, WayReport } from './report.ts';

export const hookEvents = [
  'prefix-added',
  'prefix-changed',
  'prefix-gone',
  'uplink-up',
  'uplink-down',
  'uplink-reached',
  'uplink-unreached',
  'way-changed',
  'problem-begun',
  'problem-ended',
] as const;

export type HookEventName = (typeof hookEvents)[number];

/** One change, as the admin's hooks are told of it. docs/reference/hooks.md names every variable. */
export interface HookCall {
  readonly event: HookEventName;
  readonly variables: Readonly<Record<string, string>>;
}

type HookView = Pick<Report, 'uplinks' | 'problems'> & Partial<Pick<Report, 'networks'>>;
type DelegationReport = UplinkReport['delegations'][number];

/** Before the first report everything is new: what hooks keep may be of an earlier time. */
const nothing: HookView = { uplinks: [], problems: [] };

/** What changed from one report to the next: what came first, then what is used now, then what is gone, then problems. */
export function deriveHookCalls(before: HookView = nothing, after: HookView): readonly HookCall[] {
  const names = new Set([...after.uplinks, ...before.uplinks].map(({ name }) => name));
  const of = (view: HookView, name: string) => view.uplinks.find((uplink) => uplink.name === name);
  const uplinks = [...names].flatMap((name) => compareUplinks(of(before, name), of(after, name)));
  const ways = (after.networks ?? []).flatMap((network) =>
    compareWays(before.networks?.find(({ name }) => name === network.name)?.way, network),
  );
  return [...uplinks, ...ways, ...compareProblems(before.problems, after.problems)];
}

function compareUplinks(before: UplinkReport | undefined, after: UplinkReport | undefined): readonly HookCall[] {
  const { name, interface: on } = (after ?? before)!;
  const about = { SIXGATE_UPLINK: name, SIXGATE_INTERFACE: on };
  const had = before?.delegations ?? [];
  const has = after?.delegations ?? [];
  const call = (event: HookEventName, delegation?: DelegationReport, old?: DelegationReport): HookCall => ({
    event,
    variables: { ...about, ...describe(delegation), ...(old && { SIXGATE_OLD_PREFIX: old.prefix }) },
  });
  const used = had.find(({ current }) => current);
  const uses = has.find(({ current }) => current);
  const isIn = (list: readonly DelegationReport[]) => (one: DelegationReport) =>
    list.some(({ prefix }) => prefix === one.prefix);
  return [
    ...has.filter((one) => !isIn(had)(one)).map((one) => call('prefix-added', one)),
    ...(!used && uses ? [call('uplink-up', uses)] : []),
    ...(used && uses && used.prefix !== uses.prefix ? [call('prefix-changed', uses, used)] : []),
    ...(used && !uses ? [call('uplink-down', undefined, used)] : []),
    ...had.filter((one) => !isIn(has)(one)).map((one) => call('prefix-gone', undefined, one)),
    ...compareHealth(before, after),
  ];
}

/** Whether the Internet is reached; what is not known is no news. */
function compareHealth(before: UplinkReport | undefined, after: UplinkReport | undefined): readonly HookCall[] {
  if (!after?.health || after.health.state === 'unknown' || after.health.state === before?.health?.state) return [];
  const { state, why } = after.health;
  const variables = { SIXGATE_UPLINK: after.name, SIXGATE_INTERFACE: after.interface, SIXGATE_WHY: why };
  return [{ event: state === 'up' ? 'uplink-reached' : 'uplink-unreached', variables }];
}

function compareWays(before: WayReport | undefined, { name, way }: NetworkReport): readonly HookCall[] {
  if (!way || way.uplink === (before?.uplink ?? null)) return [];
  const variables = {
    SIXGATE_NETWORK: name,
    ...(way.uplink !== null && { SIXGATE_UPLINK: way.uplink }),
    ...(before && before.uplink !== null && { SIXGATE_OLD_UPLINK: before.uplink }),
    SIXGATE_WHY: way.because,
  };
  return [{ event: 'way-changed', variables }];
}

function describe(delegation: DelegationReport | undefined): Readonly<Record<string, string>> {
  if (!delegation) return {};
  return {
    SIXGATE_PREFIX: delegation.prefix,
    SIXGATE_IAID: String(delegation.iaid),
    SIXGATE_PREFERRED_UNTIL: delegation.preferredUntil ?? 'forever',
    SIXGATE_VALID_UNTIL: delegation.validUntil ?? 'forever',
  };
}

function compareProblems(before: readonly ProblemReport[], after: readonly ProblemReport[]): readonly HookCall[] {
  // A hook that fails is no news for hooks.
  const told = (list: readonly ProblemReport[]) => list.filter(({ code }) => !code.startsWith('hook-'));
  const isIn = (list: readonly ProblemReport[]) => (one: ProblemReport) =>
    list.some(({ code, message }) => code === one.code && message === one.message);
  const call =
    (event: HookEventName) =>
    ({ code, message, mend }: ProblemReport): HookCall => ({
      event,
      variables: { SIXGATE_PROBLEM: code, SIXGATE_MESSAGE: message, ...(mend && { SIXGATE_MEND: mend }) },
    });
  return [
    ...told(after)
      .filter((one) => !isIn(before)(one))
      .map(call('problem-begun')),
    ...told(before)
      .filter((one) => !isIn(after)(one))
      .map(call('problem-ended')),
  ];
}
