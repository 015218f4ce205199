import { formatIpv6, parseIpv6 } from '../../core/ipv6.ts';
import type { FlowSelection } from '../../engine/flows.ts';
import type { Flow } from '../../engine/stale-flows.ts';

/** Lists the translated and untranslated flows that began in this prefix. */
export function listFlows(inside: string): [string, ...string[]] {
  return ['conntrack', '-L', '-f', 'ipv6', '--orig-src', inside];
}

/** Deletes by prefix; only `--orig-*` take a prefix (conntrack 1.4.7). */
export function deleteByPrefix(flows: Exclude<FlowSelection, { which: 'stale' }>): [string, ...string[]] {
  return flows.which === 'translated-from'
    ? ['conntrack', '-D', '-f', 'ipv6', '--orig-src', flows.inside, '--src-nat']
    : ['conntrack', '-D', '-f', 'ipv6', '--orig-dst', flows.outside, '--dst-nat'];
}

/** One command a flow, for `conntrack -R -`, which reads commands from its standard input. */
export function deleteEach(flows: readonly Flow[]): string {
  return flows
    .map((flow) =>
      [
        '-D -f ipv6',
        `-p ${flow.protocol}`,
        `--orig-src ${formatIpv6(flow.source)} --orig-dst ${formatIpv6(flow.destination)}`,
        `--reply-dst ${formatIpv6(flow.replyDestination)}`,
        ...flow.options,
        '\n',
      ].join(' '),
    )
    .join('');
}

/** Reads what `conntrack -L` prints, a flow a line; lines of another form are left out and counted. */
export function parseFlows(text: string): { readonly flows: readonly Flow[]; readonly unread: number } {
  const flows: Flow[] = [];
  let unread = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const flow = parseFlow(line);
    if (flow) flows.push(flow);
    else unread++;
  }
  return { flows, unread };
}

/** How many entries `conntrack -D` or `-R` deleted: it prints each of them. */
export function countDeleted(stdout: string): number {
  return stdout.split('\n').filter((line) => line.includes('src=')).length;
}

function parseFlow(line: string): Flow | undefined {
  const [protocolName, protocolNumber] = line.trim().split(/\s+/);
  const values = [...line.matchAll(/\b(src|dst|sport|dport|type|code|id)=(\S+)/g)].map(([, key, value]) => ({
    key,
    value: value!,
  }));
  const addresses = values.filter(({ key }) => key === 'src' || key === 'dst').map(({ value }) => parseIpv6(value));
  if (addresses.length !== 4 || addresses.some((address) => !address.ok)) return undefined;
  const [source, destination, replySource, replyDestination] = addresses.map((address) =>
    address.ok ? address.value : undefined!,
  );
  const first = (key: string): string | undefined => values.find((value) => value.key === key)?.value;
  const options: string[] = [];
  if (first('sport') !== undefined) options.push(`--sport ${first('sport')} --dport ${first('dport')}`);
  if (first('type') !== undefined) {
    options.push(`--icmpv6-type ${first('type')} --icmpv6-code ${first('code')} --icmpv6-id ${first('id')}`);
  }
  return {
    protocol: protocolName === 'unknown' ? protocolNumber! : protocolName!,
    source: source!,
    destination: destination!,
    replySource: replySource!,
    replyDestination: replyDestination!,
    options,
  };
}
