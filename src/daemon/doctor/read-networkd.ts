import { basename, join } from 'node:path';
import { parseNetworkFiles } from '../../backend/networkd/parse-network-file.ts';
import { listNetworkd, parseNetworkd } from '../../backend/networkd/parse-networkd.ts';
import type { Config } from '../../engine/config.ts';
import type { NetworkdFact } from '../../engine/doctor/host-facts.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Files, Host } from '../../host/host.ts';
import { readUptime } from '../read-uptime.ts';
import { knownFact, readFact } from './read-fact.ts';

/** Where drop-ins of a file can be, the strongest last (systemd.unit(5)). */
const directories = ['/usr/lib', '/run', '/etc'].map((root) => `${root}/systemd/network`);

/** What systemd-networkd does with each interface and what its files say, where an uplink needs it. */
export async function readNetworkd(host: Host, config: Config): Promise<Read<ReadonlyMap<string, NetworkdFact>>> {
  const names = config.uplinks.flatMap(({ interface: on, source }) => (source.from === 'networkd' ? [on] : []));
  if (names.length === 0) return knownFact(new Map());
  const uptime = await readUptime(host);
  const state = await readFact(host.processes, listNetworkd, (text) => parseNetworkd(text, uptime));
  if (!state.known) return state;
  const facts = new Map<string, NetworkdFact>();
  for (const name of names) {
    const link = state.value.links.get(name);
    if (!link) continue;
    const texts = link.file === undefined ? [] : await readFiles(host.files, link.file);
    if (!texts) return { known: false, why: `${link.file} could not be read` };
    facts.set(name, {
      state: link.state,
      ...(link.file !== undefined && { file: link.file }),
      settings: parseNetworkFiles(texts),
    });
  }
  return knownFact(facts);
}

/** The file and its drop-ins in the order in which they count; undefined where it could not be read. */
async function readFiles(files: Files, file: string): Promise<string[] | undefined> {
  const main = await files.read(file);
  if (!main.ok || main.value === undefined) return undefined;
  const dropIns = new Map<string, string>();
  for (const directory of directories) {
    const place = join(directory, `${basename(file)}.d`);
    const names = await files.list(place);
    for (const name of names.ok ? names.value : []) if (name.endsWith('.conf')) dropIns.set(name, join(place, name));
  }
  const texts = [main.value];
  for (const [, path] of [...dropIns].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const text = await files.read(path);
    if (text.ok && text.value !== undefined) texts.push(text.value);
  }
  return texts;
}
