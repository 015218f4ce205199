import { quote } from '../core/quote.ts';
import { overlap } from '../core/prefix.ts';
import type { OwnClientSource, PrefixSource, Uplink } from '../engine/config.ts';
import type { configShape } from './config-shape.ts';
import { reportUnsuitable, type Findings } from './findings.ts';
import { formatPlaceFrom } from './place.ts';
import { resolveHealth } from './resolve-health.ts';
import { refuse, type Located, type Shape } from './shape/shape.ts';
import { judgePublicIpv4, judgeOutsidePrefix } from './suitable-prefix.ts';

type ReadOf<S> = S extends Shape<infer T> ? T : never;
/** The file as it was read, before its parts are held against each other. */
export type ReadConfig = ReadOf<typeof configShape>;
type UplinkEntry = NonNullable<ReadConfig['uplinks']>['value'][number];
type ReadSource = NonNullable<NonNullable<UplinkEntry['body']>['value']['prefix']>;

/** A thing by its name; the value is undefined where it was refused, so that references to it are no second problem. */
export interface Resolved<T> {
  readonly name: Located<string>;
  readonly value: T | undefined;
}

export function resolveUplinks(entries: readonly UplinkEntry[], findings: Findings): readonly Resolved<Uplink>[] {
  refuseSharedRoutes(entries, findings);
  const taken = new Map<string, UplinkEntry>();
  refuseSharedAssociations(entries, findings);
  return entries.map((entry) => {
    const { name, body } = entry;
    const at = body?.value.interface;
    if (at) {
      const other = taken.get(at.value);
      if (other) {
        const message = `uplink ${quote(other.name.value)} (${formatPlaceFrom(at.place, other.name.place)}) has the interface ${at.value} already`;
        refuse(findings.refuse, at, 'config-duplicate', message, 'Give every uplink an interface of its own.');
      } else taken.set(at.value, entry);
    }
    const read = body?.value.prefix;
    const source = at && (read ? resolveSource(read, at.value, findings) : resolveOwnClient({}));
    const health = body?.value.health && resolveHealth(body.value.health, findings);
    return {
      name,
      value: at && source && { name: name.value, interface: at.value, source, ...(health && { health }) },
    };
  });
}

type OwnClientFields = Partial<Extract<ReadSource['value'], { kind: 'dhcpv6' }>['fields']>;

function resolveOwnClient(fields: OwnClientFields): OwnClientSource {
  const { length, ias, iaid, duid, stateless, rapidCommit, firstOffer, release } = fields;
  return {
    from: 'dhcpv6',
    ...(length && { length: length.value }),
    ias: ias?.value ?? 1,
    iaid: iaid?.value ?? 1,
    ...(duid && { duid: duid.value }),
    stateless: stateless?.value ?? false,
    rapidCommit: rapidCommit?.value ?? true,
    firstOffer: firstOffer?.value ?? false,
    release: release?.value ?? false,
  };
}

/** An IAID tells the associations of one client apart (RFC 9915 section 12), and those with one DUID are one client. */
function refuseSharedAssociations(entries: readonly UplinkEntry[], findings: Findings): void {
  const before: { name: string; who: string; from: number; to: number }[] = [];
  for (const { name, body } of entries) {
    if (!body) continue;
    const source = body.value.prefix;
    if (source && source.value.kind !== 'dhcpv6') continue;
    const fields: OwnClientFields = source?.value.fields ?? {};
    const { iaid: from, ias, duid, stateless } = resolveOwnClient(fields);
    const to = from + ias - 1;
    const who = duid ?? (stateless ? `of ${name.value}` : 'of this machine');
    const other = before.find((one) => one.who === who && one.from <= to && from <= one.to);
    if (other) {
      const at = fields.iaid ?? source ?? body;
      const message = `uplink ${quote(other.name)} has the IAID ${Math.max(from, other.from)} already, with the same DUID`;
      const mend = `Write "${source ? `iaid: ${other.to + 1}` : `prefix: { iaid: ${other.to + 1} }`}" here; the server would take both for one.`;
      refuse(findings.refuse, at, 'config-duplicate', message, mend);
    } else if (to > 0xffff_ffff) {
      const at = fields.iaid ?? source ?? body;
      refuse(findings.refuse, at, 'config-value', 'IAIDs have 32 bits', 'Write a smaller iaid, or fewer ias.');
    }
    before.push({ name: name.value, who, from, to });
  }
}

function resolveSource(read: ReadSource, on: string, findings: Findings): PrefixSource | undefined {
  if (read.value.kind === 'dhcpcd') {
    const length = read.value.fields.length?.value;
    return { from: 'dhcpcd', ...(length !== undefined && { length }) };
  }
  if (read.value.kind === 'networkmanager') {
    const { of, length } = read.value.fields;
    return { from: 'networkmanager', ...(of && { of: of.value }), ...(length && { length: length.value }) };
  }
  if (read.value.kind === 'networkd') return { from: 'networkd' };
  if (read.value.kind === 'address') {
    const { of, length } = read.value.fields;
    return { from: 'address', of: of?.value ?? on, length: length?.value ?? 64 };
  }
  if (read.value.kind === 'hook') return { from: 'hook', client: read.value.fields.client?.value ?? 'generic' };
  if (read.value.kind === 'route') {
    const { protocol, within } = routesOf(read.value.fields);
    return { from: 'route', protocol, ...(within && { within }) };
  }
  if (read.value.kind === 'dhcpv6') return resolveOwnClient(read.value.fields);
  if (read.value.kind === '6to4') return resolveSixToFour(read, read.value.fields, findings);
  const prefix = read.value.fields.prefix;
  if (!prefix || !reportUnsuitable(findings, prefix, judgeOutsidePrefix(prefix))) return undefined;
  return { from: 'static', prefix: prefix.value };
}

/** `proto dhcp`, what dhcpcd and systemd-networkd give their routes. */
const dhcpProtocol = 16;

function routesOf({ protocol, within }: Extract<ReadSource['value'], { kind: 'route' }>['fields']) {
  return { protocol: protocol?.value ?? dhcpProtocol, within: within?.value };
}

/** A route does not say which uplink it belongs to: two sources must not see the same one. */
function refuseSharedRoutes(entries: readonly UplinkEntry[], findings: Findings): void {
  const sources = entries.flatMap(({ name, body }) => {
    const read = body?.value.prefix;
    return read ? [{ name, read }] : [];
  });
  for (const [index, { name, read }] of sources.entries()) {
    if (read.value.kind !== 'route') continue;
    const { protocol, within } = routesOf(read.value.fields);
    for (const [place, other] of sources.entries()) {
      if (other.read.value.kind === 'route' && place < index) {
        const theirs = routesOf(other.read.value.fields);
        if (theirs.protocol !== protocol) continue;
        if (within && theirs.within && !overlap(within, theirs.within)) continue;
        const message = `uplink ${quote(other.name.value)} (${formatPlaceFrom(read.place, other.name.place)}) takes the same routes`;
        const mend = 'Give each its own "within", or a protocol of its own.';
        refuse(findings.refuse, read, 'config-duplicate', message, mend);
      } else if ((other.read.value.kind === 'dhcpcd' || other.read.value.kind === 'networkd') && !within) {
        if (protocol !== dhcpProtocol) continue;
        const message = `${quote(name.value)} takes the routes of ${other.read.value.kind} for ${quote(other.name.value)} as well`;
        refuse(findings.warn, read, 'config-unusual', message, 'Add "within" with what its provider delegates from.');
      }
    }
  }
}

function resolveSixToFour(
  read: ReadSource,
  { ipv4, of }: Extract<ReadSource['value'], { kind: '6to4' }>['fields'],
  findings: Findings,
): PrefixSource | undefined {
  if (ipv4 && of) {
    const mend = 'Take out one of them.';
    refuse(findings.refuse, of, 'config-value', '"ipv4" says what the address is, "of" whose it is: not both', mend);
    return undefined;
  }
  if (of) return { from: '6to4', of: of.value };
  if (!ipv4) {
    const mend = 'Add ipv4 with the public IPv4 address, or of with the interface that has it.';
    refuse(findings.refuse, read, 'config-key-missing', 'none of ipv4, of is there', mend);
    return undefined;
  }
  return reportUnsuitable(findings, ipv4, judgePublicIpv4(ipv4)) ? { from: '6to4', ipv4: ipv4.value } : undefined;
}
