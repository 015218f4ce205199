import { askNetworkManager, parseNetworkManager } from '../../backend/networkmanager/parse-networkmanager.ts';
import type { Config } from '../../engine/config.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { NetworkManagerDevice } from '../../engine/networkmanager-device.ts';
import type { Processes } from '../../host/host.ts';
import { readFact } from './read-fact.ts';

/** What NetworkManager says of the uplinks that it serves, by interface. */
export async function readNetworkManager(
  processes: Processes,
  { uplinks }: Config,
): Promise<ReadonlyMap<string, Read<NetworkManagerDevice>>> {
  const names = uplinks.flatMap(({ interface: on, source }) => (source.from === 'networkmanager' ? [on] : []));
  const ask = async (name: string) => [name, await readFact(processes, askNetworkManager(name), parseNetworkManager)] as const; // prettier-ignore
  return new Map(await Promise.all(names.map(ask)));
}
