import { quote } from '../core/quote.ts';
import { formatPrefix, overlap } from '../core/prefix.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { Config, Uplink } from '../engine/config.ts';
import { compareConfigProblems, type ConfigProblem } from './config-problem.ts';
import { configShape } from './config-shape.ts';
import type { Findings } from './findings.ts';
import { mergeNodes } from './merge-nodes.ts';
import type { Node } from './node.ts';
import { formatPlaceFrom } from './place.ts';
import { resolveDns } from './resolve-dns.ts';
import { insidePrefixes, resolveNetworks } from './resolve-networks.ts';
import { judgePreferences, resolveRouting } from './resolve-routing.ts';
import { resolveTranslations } from './resolve-translations.ts';
import { dividedUplinks, resolveXen } from './resolve-xen.ts';
import { resolveUplinks, type ReadConfig, type Resolved } from './resolve-uplinks.ts';
import { refuse } from './shape/shape.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** What is odd but works. */
  readonly warnings: readonly ConfigProblem[];
}

/** Everything that is wrong, sorted by file, line and column; never empty. */
export type ConfigProblems = readonly ConfigProblem[];

/**
 * From the values of the files to the configuration, or everything that is wrong. `files` are their names in the order in
 * which they are merged. Nothing of YAML is in here, so that a page can judge what it writes itself.
 */
export function judgeNodes(nodes: readonly Node[], files: readonly string[]): Result<LoadedConfig, ConfigProblems> {
  const problems: ConfigProblem[] = [];
  const warnings: ConfigProblem[] = [];
  const findings: Findings = { refuse: (found) => problems.push(found), warn: (found) => warnings.push(found) };
  const sorted = (found: ConfigProblem[]): ConfigProblems => found.sort(compareConfigProblems(files));
  if (nodes.length === 0) {
    const file = files[0] ?? 'config.yaml';
    const mend =
      'Write uplinks, networks and translate, or xen; the documentation of the configuration has an example.';
    return fail([{ code: 'config-empty', message: 'the configuration is empty', mend, file, line: 1, column: 1 }]);
  }
  const merged = nodes.reduce((earlier, later) => mergeNodes(earlier, later, findings.refuse));
  const read = configShape.read(merged, '', findings.refuse);
  const config = read && resolve(read.value, findings);
  if (!config || problems.length > 0) return fail(sorted(problems));
  return succeed({ config, warnings: sorted(warnings) });
}

/** Holds the parts against each other. The result means something only where nothing was refused. */
function resolve(read: ReadConfig, findings: Findings): Config {
  const uplinks = resolveUplinks(read.uplinks?.value ?? [], findings);
  const networks = resolveNetworks(read.networks?.value ?? [], nativeNetworks(read), findings);
  refuseInsideOnUplinks(read, findings);
  const translations = resolveTranslations(read.translate?.value ?? [], networks, uplinks, findings);
  const xen = read.xen && resolveXen(read.xen.value, networks, uplinks, findings);
  const used = [
    ...(read.translate?.value ?? []).flatMap(({ value }) => [value.network?.value, value.uplink?.value]),
    ...(read.xen ? dividedUplinks(read.xen.value) : []),
  ];
  for (const { name } of [...networks, ...uplinks]) {
    if (used.includes(name.value)) continue;
    refuse(findings.warn, name, 'config-unusual', 'no translation uses it', `Add it to a translation, or take it out.`);
  }
  const dns = resolveDns(read.dns?.value ?? [], values(networks), values(uplinks), findings);
  const backend = read.backend?.value;
  if (backend === 'ip6tables') refuseBeyondIp6tables(read, findings);
  judgePreferences(read, uplinks, findings);
  const routing = resolveRouting(read, translations, findings);
  const by = read.failover?.value.by?.value;
  return {
    ...(backend === 'ip6tables' && { backend }),
    uplinks: values(uplinks),
    networks: values(networks),
    translations,
    ...(dns.length > 0 && { dns }),
    ...(xen && { xen }),
    ...(routing && { routing }),
    ...(by && { failover: { by } }),
  };
}

function values<T>(resolved: readonly Resolved<T>[]): T[] {
  return resolved.flatMap(({ value }) => (value === undefined ? [] : [value]));
}

/** ip6tables sees packets in its hooks only, where translation without state is of no use beside a stateful firewall. */
function refuseBeyondIp6tables({ translate }: ReadConfig, findings: Findings): void {
  for (const { value } of translate?.value ?? []) {
    if (value.offload?.value) {
      const message = 'backend ip6tables has no flowtable';
      const mend = 'Take "offload: true" out, or write "backend: nftables".';
      refuse(findings.refuse, value.offload, 'config-value', message, mend);
    }
    if (value.mode?.value === 'none') {
      const message = 'backend ip6tables lets no network out as it is';
      refuse(findings.refuse, value.mode, 'config-not-built', message, 'Write "backend: nftables".');
    }
    if (value.mode?.value !== 'rfc6296') continue;
    const message = 'backend ip6tables cannot translate by RFC 6296';
    refuse(findings.refuse, value.mode, 'config-value', message, 'Write "mode: stateful", or "backend: nftables".');
  }
}

/** The networks that go out of an uplink (of any, where none is named) as they are. */
function nativeNetworks({ translate }: ReadConfig, uplink?: string): string[] {
  return (translate?.value ?? []).flatMap(({ value }) =>
    value.mode?.value === 'none' && value.network && (uplink === undefined || value.uplink?.value === uplink)
      ? [value.network.value]
      : [],
  );
}

/** An interface cannot be outside and inside, nor a prefix. */
function refuseInsideOnUplinks(read: ReadConfig, findings: Findings): void {
  const outside = new Map<Uplink['interface'], NonNullable<ReadConfig['uplinks']>['value'][number]>();
  for (const uplink of read.uplinks?.value ?? []) {
    const at = uplink.body?.value.interface;
    if (at && !outside.has(at.value)) outside.set(at.value, uplink);
    const source = uplink.body?.value.prefix?.value;
    const prefix = source?.kind === 'static' ? source.fields.prefix : undefined;
    const same =
      prefix &&
      insidePrefixes(read.networks?.value ?? []).find(
        (inside) =>
          overlap(inside.prefix.value, prefix.value) &&
          // Whether it really is the uplink's own is judged with the translation.
          !nativeNetworks(read, uplink.name.value).includes(inside.name),
      );
    if (!same) continue;
    const where = formatPlaceFrom(prefix.place, same.prefix.place);
    const message = `${formatPrefix(prefix.value)} overlaps the inside prefix ${formatPrefix(same.prefix.value)} of ${quote(same.name)} (${where})`;
    refuse(
      findings.refuse,
      prefix,
      'config-overlap',
      message,
      'Give the network a prefix of its own; "sixgate ula" makes one.',
    );
  }
  for (const network of read.networks?.value ?? []) {
    for (const subnet of network.body?.value.subnets?.value ?? []) {
      const at = subnet.body?.value.interface;
      const uplink = at && outside.get(at.value);
      if (!uplink) continue;
      const where = formatPlaceFrom(at.place, uplink.name.place);
      const message = `${at.value} is the interface of uplink ${quote(uplink.name.value)} already (${where})`;
      refuse(findings.refuse, at, 'config-duplicate', message, 'Give the subnet another interface.');
    }
  }
}
