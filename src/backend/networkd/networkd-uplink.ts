import { equalPrefixes, formatPrefix } from '../../core/prefix.ts';
import type { Problem } from '../../core/problem.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import type { ClientState } from '../../engine/client-state.ts';
import type { ReportedPrefix } from '../../engine/delegation.ts';
import { judgeReported } from '../../engine/judge-reported.ts';
import type { NetworkdState } from './parse-networkd.ts';

/**
 * What networkd holds for the uplink at an interface. `alone`: it is the only uplink that networkd serves, so that every
 * unreachable route of a DHCPv6 client is this one's.
 *
 * | networkd                                         | taken as                                                |
 * |--------------------------------------------------|---------------------------------------------------------|
 * | its client names prefixes                        | these; of routes beside them: deprecated                |
 * | its client has a lease without a prefix          | given up: the server has said so                        |
 * | its client has no lease, and there is no route   | hold: it starts, or the line is down                    |
 * | tells of no client (before 255)                  | the routes                                              |
 */
export function deriveNetworkdUplink(state: NetworkdState, on: string, alone: boolean): Result<ClientState> {
  const link = state.links.get(on);
  if (!link) return fail(notServed(`systemd-networkd knows no interface ${on}`));
  if (link.state === 'unmanaged' || link.state === 'failed') {
    return fail(notServed(`systemd-networkd does not serve ${on}, which is ${link.state}`));
  }
  const { client } = link;
  if (!client && !alone && state.unreachable.length > 0) {
    return fail({
      code: 'client-missing',
      message: `this systemd-networkd does not say whether ${on} was delegated ${state.unreachable.map(({ prefix }) => formatPrefix(prefix)).join(', ')} or another uplink`,
      mend: 'Let systemd-networkd serve one uplink only, or take systemd 255 or later.',
    });
  }
  const own = client?.prefixes ?? [];
  const beside = alone
    ? state.unreachable.filter(({ prefix }) => !own.some((other) => equalPrefixes(other.prefix, prefix)))
    : [];
  const found = [...own, ...(own.length > 0 ? beside.map(deprecated) : beside)];
  const judged = found.filter(({ validLifetime }) => validLifetime > 0).map((each) => judgeReported(on, each));
  return succeed({
    interface: on,
    reason: 'networkctl',
    prefixes: judged.flatMap((each) => (each.ok ? [each.value] : [])),
    refused: judged.flatMap((each) => (each.ok ? [] : [each.problem])),
    empty: client?.leased && found.length === 0 ? 'release' : 'hold',
  });
}

function deprecated(reported: ReportedPrefix): ReportedPrefix {
  return { ...reported, preferredLifetime: 0 };
}

function notServed(message: string): Problem {
  return {
    code: 'client-missing',
    message,
    mend: 'Give it a .network file with DHCP=ipv6; "sixgate generate uplink --for networkd" writes one.',
  };
}
