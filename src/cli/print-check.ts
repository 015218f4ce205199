import { formatConfigProblem, type ConfigProblem } from '../config/config-problem.ts';
import { formatConfigSchema } from '../config/config-schema.ts';
import { problemCodes } from '../core/problem-codes.ts';
import { readConfig } from '../daemon/read-config.ts';
import type { Config } from '../engine/config.ts';
import { systemHost } from '../host/system-host.ts';
import { describeConfig, type SourceDescription } from './describe-config.ts';
import type { XenDescription } from './describe-xen.ts';
import { exitCodes } from './exit-codes.ts';
import { findOtherClients } from './find-other-clients.ts';
import type { GlobalOptions } from './global-options.ts';
import { listNeeds, type Need } from './list-needs.ts';
import { listMissingCalls } from './list-missing-calls.ts';
import { pathsOf } from './paths.ts';
import { printInvalidConfig } from './print-invalid-config.ts';
import { printProblem } from './print-problem.ts';
import { showProgress } from './show-progress.ts';
import { dataColors, messageColors, printData, printMessage } from './terminal.ts';

/** Problems go to standard error as `file:line:col: message`; with `json` everything goes to standard output. */
export async function printCheck(globals: GlobalOptions, { schema }: { readonly schema?: true }): Promise<number> {
  const { config: path, json } = globals;
  if (schema) {
    printData(formatConfigSchema());
    return exitCodes.done;
  }
  const read = await readConfig(systemHost.files, path);
  if (!read.ok) {
    if (!json) return printInvalidConfig(read.problem);
    printJson({ valid: false, problems: read.problem.problems });
    return problemCodes[read.problem.code];
  }
  const { config, warnings } = read.value;
  const looking = Promise.all([
    listNeeds(systemHost, config),
    findOtherClients(systemHost, pathsOf(globals), config),
    listMissingCalls(systemHost.processes, config),
  ]);
  const [needs, others, awaited] = await showProgress('looking at this machine', looking);
  if (json) {
    const clients = others.map(({ found, mend }) => ({ found, mend }));
    printJson({ valid: true, config: describeConfig(config), warnings, needs, clients, awaited });
    return exitCodes.done;
  }
  printWarnings(warnings);
  printData(`${path} is valid.\n${formatSummary(config)}${formatNeeds(needs)}`);
  for (const { name, mend } of needs.filter(({ found }) => found === 'missing')) {
    printMessage(`${messageColors().yellow(`${name} is missing on this machine`)}\n  ${mend}\n`);
  }
  for (const { found, mend } of others) printMessage(`${messageColors().yellow(found)}\n  ${mend}\n`);
  for (const problem of awaited) printProblem(problem, '');
  return exitCodes.done;
}

function printJson(value: object): void {
  printData(`${JSON.stringify({ schemaVersion: 1, ...value })}\n`);
}

function printWarnings(warnings: readonly ConfigProblem[]): void {
  for (const warning of warnings) {
    printMessage(
      `${messageColors().yellow(formatConfigProblem({ ...warning, message: `warning: ${warning.message}` }))}\n`,
    );
    if (warning.mend !== undefined) printMessage(`  ${warning.mend}\n`);
  }
}

function formatSummary(config: Config): string {
  const { uplinks, networks, translations, dns, xen } = describeConfig(config);
  const sections: [string, string[][]][] = [
    ['uplinks', uplinks.map(({ name, interface: at, source }) => [name, at, formatSource(source)])],
    ...networks.map(({ name, prefix, subnets }): [string, string[][]] => [
      `network ${name}, ${prefix}`,
      subnets.map((subnet) => [subnet.name, subnet.prefix, subnet.interface ?? 'behind another router']),
    ]),
    ...translations.map((translation): [string, string[][]] => [
      `${translation.network} on ${translation.uplink}: ${translation.mode}, ${translation.hairpin ? 'hairpin' : 'no hairpin'}, inbound ${translation.inbound === 'deny' ? 'denied' : 'allowed'}${translation.offload ? ', established flows offloaded' : ''}`,
      translation.pinholes.map(({ to, tcp, udp, icmp }) => [
        'open',
        to,
        [...tcp.map((ports) => `tcp ${ports}`), ...udp.map((ports) => `udp ${ports}`), ...(icmp ? ['ping'] : [])].join(
          ', ',
        ),
      ]),
    ]),
    ...dns.map(({ name, via, hosts }): [string, string[][]] => [
      `records in the DNS, ${name}: by ${via}`,
      hosts.map((entry) => [entry.name, entry.host, entry.uplink ?? 'by any uplink']),
    ]),
    ...(xen ? [summarizeXen(xen)] : []),
  ];
  // A Xen host may have no uplinks.
  const shown = sections.filter(([title, rows]) => title !== 'uplinks' || rows.length > 0 || !xen);
  return shown.map(([title, rows]) => formatSection(title, rows)).join('');
}

function summarizeXen({ policy, guests }: XenDescription): [string, string[][]] {
  const rows = guests.flatMap(({ key, vifs }) =>
    vifs.map((vif) => [
      key,
      `interface ${vif.device}`,
      [...vif.prefixes, ...vif.addresses, ...vif.routed.map((prefix) => `${prefix} routed`)].join(', '),
      `gateway ${vif.gateway}${vif.antiSpoof ? '' : ', may forge sources'}`,
    ]),
  );
  return [`Xen guests, policy ${policy}`, rows];
}

function formatSource(source: SourceDescription): string {
  if (source.ipv4 !== undefined) return `6to4, always of ${source.ipv4}`;
  if (source.from === 'address') return `the /${source.length} of the address of ${source.of}`;
  if (source.from === '6to4' && source.of !== undefined) return `6to4, of the IPv4 address of ${source.of}`;
  if (source.prefix !== undefined) return `always ${source.prefix}`;
  if (source.protocol !== undefined) {
    const within = source.within === undefined ? '' : ` within ${source.within}`;
    return `delegated, by the unreachable route of protocol ${source.protocol}${within}`;
  }
  if (source.client !== undefined) return `delegated, told by the hook of a client (${source.client})`;
  const who = source.from === 'dhcpv6' ? 'to sixgate itself' : `by ${source.from}`;
  return `delegated, ${who}${source.length === undefined ? '' : `, which asks for a /${source.length}`}`;
}

function formatNeeds(needs: readonly Need[]): string {
  return formatSection(
    'needed on this machine',
    needs.map(({ name, reason, found, version }) => [name, version ?? found, reason]),
  );
}

function formatSection(title: string, rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd());
  return [`\n${dataColors().bold(title)}`, ...lines].map((line) => `${line}\n`).join('');
}
