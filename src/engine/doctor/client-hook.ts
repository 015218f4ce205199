import { shellWord } from '../../core/shell-word.ts';
import type { PrefixSource } from '../config.ts';
import { rankDelegations } from '../rank-delegations.ts';
import { ok, problem, unknown, warning, type Check, type Finding } from './finding.ts';
import type { DhcpcdConfig, HostFacts } from './host-facts.ts';

/** A hook of ours that a client runs. */
interface Hook {
  readonly path: string;
  readonly client: string;
  /** Sourced by the client's own script, so that it need not be executable. */
  readonly sourced: boolean;
}

/** Where `sixgate generate uplink` puts the hook of a client; undefined for a source that has none. */
export function hookOf(source: PrefixSource): Hook | undefined {
  if (source.from !== 'hook' || source.client === 'generic') return undefined;
  const { client } = source;
  return client === 'dhclient'
    ? { client, path: '/etc/dhcp/dhclient-exit-hooks.d/sixgate', sourced: true }
    : { client, path: '/etc/sixgate/odhcp6c-hook', sourced: false };
}

/** The program that dhcpcd runs at each event, by its configuration; undefined where it is its own. */
export function dhcpcdScript(config: DhcpcdConfig | undefined): string | undefined {
  const script = config?.options.findLast(({ name, interface: block }) => name === 'script' && block === undefined);
  return script?.value.startsWith('/') ? script.value : undefined;
}

/** Whether the client's hook is there, can run, leaves its events where they are read, and has been heard of. */
export const clientHook: Check = {
  id: 'hook',
  group: 'prefix',
  needsConfig: true,
  judge: (facts, config) =>
    config.uplinks.flatMap(({ name: uplink, interface: on, source }): Finding[] => {
      const id = `hook:${on}`;
      if (source.from === 'dhcpcd') return judgeDhcpcd(id, on, facts);
      const hook = hookOf(source);
      return hook ? [judgeHook(id, hook, uplink, on, facts)] : [];
    }),
};

function judgeDhcpcd(id: string, on: string, facts: HostFacts): Finding[] {
  if (!facts.dhcpcdConfig.known || !facts.dhcpcdConfig.value) return [];
  const path = dhcpcdScript(facts.dhcpcdConfig.value);
  if (path === undefined) return [ok(id, 'dhcpcd is heard over its control socket')];
  const finding = judgeFile(id, { path, client: 'dhcpcd', sourced: false }, on, facts);
  return [finding ?? ok(id, `dhcpcd runs ${path}`)];
}

function judgeHook(id: string, hook: Hook, uplink: string, on: string, facts: HostFacts): Finding {
  const finding = judgeFile(id, hook, on, facts);
  if (finding) return finding;
  const { path, client } = hook;
  if (!facts.delegations.known) return unknown(id, `whether ${path} has been heard of`, facts.delegations.why);
  if (rankDelegations(facts.delegations.value, uplink, facts.now).current) {
    return ok(id, `${path} tells of ${client}`);
  }
  return warning(id, `${path} is there, but no prefix has been heard of by it`, `Restart ${client}: it says what it holds when it is bound.`); // prettier-ignore
}

/** What is wrong with the file; undefined where nothing is. */
function judgeFile(id: string, { path, client, sourced }: Hook, on: string, facts: HostFacts): Finding | undefined {
  const read = facts.hooks.get(path) ?? { known: false, why: 'nobody looked' };
  if (!read.known) return unknown(id, path, read.why);
  if (!read.value) {
    const mend = `sixgate generate uplink --for ${client} --interface ${shellWord(on)} --length 56 --out / --force  # writes it`;
    return problem(id, `there is no hook for ${client} (${path})`, mend);
  }
  const { text, executable } = read.value;
  if (!sourced && !executable) return problem(id, `${path} is not executable`, `chmod 755 ${shellWord(path)}`);
  const events = /^\s*events=(?:'([^']*)'|(\S+))/m.exec(text);
  const told = events?.[1] ?? events?.[2];
  if (told !== undefined && told !== facts.eventsDirectory) {
    const found = `${path} leaves its events in ${told}, and sixgate reads ${facts.eventsDirectory}`;
    return problem(id, found, `Write events=${shellWord(facts.eventsDirectory)} into it.`);
  }
  return undefined;
}
