import { formatIpv6, parseIpv6, type Ipv6Address } from '../../core/ipv6.ts';
import { formatPrefix } from '../../core/prefix.ts';
import type { FlowSelection } from '../../engine/flows.ts';
import type { FlowAddresses, StaleFlows } from '../../engine/stale-flows.ts';

/** Lists the translated and untranslated flows that began in this prefix. */
export function listFlows(inside: string): [string, ...string[]] {
  return ['conntrack', '-L', '-f', 'ipv6', '--orig-src', inside];
}

/** Deletes all that an option of conntrack can name; of the addresses only `--orig-*` take a prefix (conntrack 1.4.7). */
export function deleteSelected(flows: Exclude<FlowSelection, { which: 'stale' }>): [string, ...string[]] {
  const marked = 'marked' in flows && flows.marked ? ['--mark', `${flows.marked.mark}/${flows.marked.mask}`] : [];
  return ['conntrack', '-D', '-f', 'ipv6', ...selectFlows(flows), ...marked];
}

function selectFlows(flows: Exclude<FlowSelection, { which: 'stale' }>): string[] {
  switch (flows.which) {
    case 'translated-from':
      return ['--orig-src', flows.inside, '--src-nat'];
    case 'towards':
      return ['--orig-dst', flows.outside, '--dst-nat'];
    case 'on-uplink':
      return [];
  }
}

/** Lines for `conntrack -R -`, which reads commands from its standard input. Each line reads the whole table. */
export function deleteStale(stale: readonly StaleFlows[]): string {
  return stale
    .map(({ source, replyDestination, towards }) => {
      const destination = towards ? ` --orig-dst ${formatPrefix(towards)}` : '';
      return `-D -f ipv6 --orig-src ${formatIpv6(source)}${destination} --reply-dst ${formatIpv6(replyDestination)}\n`;
    })
    .join('');
}

/** Reads what `conntrack -L` prints: each combination of addresses once. Lines of another form are passed over. */
export function parseFlows(text: string): FlowAddresses[] {
  const addresses = new Map<string, Ipv6Address | undefined>();
  const address = (word: string): Ipv6Address | undefined => {
    if (!addresses.has(word)) {
      const read = parseIpv6(word);
      addresses.set(word, read.ok ? read.value : undefined);
    }
    return addresses.get(word);
  };
  const seen = new Map<string, FlowAddresses>();
  for (const [, ...words] of text.matchAll(/ src=(\S+) dst=(\S+)(?: .*?)? src=(\S+) dst=(\S+)/g)) {
    const key = words.join(' ');
    if (seen.has(key)) continue;
    const [source, destination, replySource, replyDestination] = words.map(address);
    if (source === undefined || destination === undefined) continue;
    if (replySource === undefined || replyDestination === undefined) continue;
    seen.set(key, { source, destination, replySource, replyDestination });
  }
  return [...seen.values()];
}

/** How many entries `conntrack -D` or `-R` deleted: it prints each of them. */
export function countDeleted(stdout: string): number {
  return stdout.split('\n').filter((line) => line.includes('src=')).length;
}
