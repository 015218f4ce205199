import { deriveHookCalls, hookEvents } from '../../engine/hook-calls.ts';
import type { Status } from '../../engine/status.ts';
import { code, page, table } from './markdown.ts';
import { sampleStatus } from './sample-status.ts';

/** What each variable of a hook holds. A test holds this table and what hooks are given together. */
export const hookVariables: Readonly<Record<string, string>> = {
  SIXGATE_EVENT: 'The event, which is the first argument as well.',
  SIXGATE_UPLINK: "The uplink's name in the configuration.",
  SIXGATE_INTERFACE: 'Its interface.',
  SIXGATE_PREFIX: 'The prefix that it is about, as `2001:db8:a:aa80::/58`.',
  SIXGATE_OLD_PREFIX: 'The prefix that was in its place, or that is gone.',
  SIXGATE_IAID: 'The identity association, in decimal; 0 where the client does not tell it.',
  SIXGATE_PREFERRED_UNTIL: 'Until when new flows should leave with it, ISO 8601 in UTC, or `forever`.',
  SIXGATE_VALID_UNTIL: 'Until when it may be used, the same.',
  SIXGATE_NETWORK: "The network's name in the configuration.",
  SIXGATE_OLD_UPLINK: 'The uplink that new flows of the network left by before; missing where there was none.',
  SIXGATE_WHY: 'Why, one clause.',
  SIXGATE_PROBLEM: 'The code of the problem.',
  SIXGATE_MESSAGE: 'What is wrong, one sentence.',
  SIXGATE_MEND: 'What to do; missing where nothing is known.',
  SIXGATE_STATE: 'The file with the whole report, which may be newer than the event.',
};

/** docs/reference/hooks.md, from what hooks are called with when everything happens that can. */
export function hooksReference(): string {
  const uplink = sampleStatus.uplinks[0]!;
  const [first, ...others] = uplink.delegations;
  const moved = { ...uplink, delegations: [{ ...first!, prefix: '2001:db8:b:bb80::/58' }, ...others] };
  const calls = [
    ...deriveHookCalls(undefined, sampleStatus),
    ...deriveHookCalls(sampleStatus, { uplinks: [moved], problems: [] }),
    ...deriveHookCalls(sampleStatus, { uplinks: [], problems: [] }),
    ...deriveHookCalls(sampleStatus, failed(sampleStatus)),
  ];
  const variablesOf = (event: string): string[] => [
    ...new Set(calls.filter((call) => call.event === event).flatMap(({ variables }) => Object.keys(variables))),
  ];
  return page(
    'Events and variables of hooks',
    'Programs in `/etc/sixgate/hooks.d` are called with these. What they may rely on is told in [hooks](../hooks.md).',
    table(
      ['event', 'variables, besides `SIXGATE_EVENT` and `SIXGATE_STATE`'],
      hookEvents.map((event) => [code(event), variablesOf(event).map(code).join(', ')]),
    ),
    table(
      ['variable', 'is'],
      Object.entries(hookVariables).map(([name, meaning]) => [code(name), meaning]),
    ),
  );
}

/** The same with every uplink silent, and all networks on another one. */
function failed({ uplinks, networks }: Status): Pick<Status, 'uplinks' | 'networks' | 'problems'> {
  return {
    uplinks: uplinks.map((uplink) => ({ ...uplink, health: { ...uplink.health!, state: 'down' } })),
    networks: networks.map((network) => ({ ...network, way: { uplink: 'lte', because: 'dsl is down' } })),
    problems: [],
  };
}
