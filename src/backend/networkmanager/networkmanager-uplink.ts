import { equalPrefixes, type Prefix } from '../../core/prefix.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import type { ClientState } from '../../engine/client-state.ts';
import type { Delegation, ReportedPrefix } from '../../engine/delegation.ts';
import { judgeReported } from '../../engine/judge-reported.ts';
import type { Read } from '../../engine/kernel-state.ts';
import { describeUnmanaged, unmanagedState, type NetworkManagerDevice } from '../../engine/networkmanager-device.ts';
import { parseAddressPrefixes } from '../ip/parse-address-prefixes.ts';

export interface NetworkManagerUplink {
  readonly interface: string;
  /** The interface that shares the prefix, and how long that is: for a NetworkManager that does not name it. */
  readonly of?: string;
  readonly length?: number;
}

/** What was read at one moment. */
export interface NetworkManagerReading {
  readonly device: NetworkManagerDevice;
  /** The output of `listAllAddresses`. */
  readonly allAddresses: string;
  /** The output of `listAddresses` for `of`. */
  readonly sharedAddresses: string;
  readonly held: readonly Delegation[];
  readonly now: number;
}

/**
 * What NetworkManager holds for an uplink. It tells no lifetimes; those of the address that it has put on the interface of a
 * shared connection are those of the prefix.
 *
 * | NetworkManager                           | taken as                                                       |
 * |------------------------------------------|----------------------------------------------------------------|
 * | names prefixes                           | these, with the lifetimes of an address in each; with what is known where there is no such address yet |
 * | names none, `of` and `length` are known  | the prefix of the address of `of` (1.42)                       |
 * | names none                               | hold: it was not asked for one, or starts, or the line is down |
 */
export function deriveNetworkManagerUplink(
  uplink: NetworkManagerUplink,
  { device, ...reading }: NetworkManagerReading,
): Result<ClientState> {
  const { interface: on } = uplink;
  if (device.state === unmanagedState) return fail(describeUnmanaged(on));
  const found = device.prefixes ? readNamed(on, device.prefixes, reading) : readShared(uplink, reading.sharedAddresses);
  if (!found.known) return fail({ code: 'client-missing', message: found.why });
  const judged = found.value.filter(({ validLifetime }) => validLifetime > 0).map((each) => judgeReported(on, each));
  return succeed({
    interface: on,
    reason: device.prefixes ? 'nmcli' : `addresses of ${uplink.of}`,
    prefixes: judged.flatMap((each) => (each.ok ? [each.value] : [])),
    refused: judged.flatMap((each) => (each.ok ? [] : [each.problem])),
    empty: 'hold',
  });
}

function readNamed(
  on: string,
  prefixes: readonly Prefix[],
  { allAddresses, held, now }: Omit<NetworkManagerReading, 'device'>,
): Read<readonly ReportedPrefix[]> {
  const reported: ReportedPrefix[] = [];
  for (const prefix of prefixes) {
    const addresses = parseAddressPrefixes(allAddresses, on, prefix.length);
    if (!addresses.known) return addresses;
    const address = addresses.value.find((each) => equalPrefixes(each.prefix, prefix));
    const known = held.find((each) => equalPrefixes(each.prefix, prefix));
    if (address) reported.push(address);
    else if (known) {
      const [preferredLifetime, validLifetime] = [known.preferredUntil, known.validUntil].map((until) =>
        Math.max(0, (until - now) / 1000),
      );
      reported.push({ iaid: known.iaid, prefix, preferredLifetime: preferredLifetime!, validLifetime: validLifetime! });
    }
  }
  return { known: true, value: reported };
}

function readShared(
  { interface: on, of, length }: NetworkManagerUplink,
  text: string,
): Read<readonly ReportedPrefix[]> {
  if (of === undefined || length === undefined) return { known: true, value: [] };
  return parseAddressPrefixes(text, on, length);
}
