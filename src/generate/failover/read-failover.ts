import type { InterfaceName } from '../../core/interface-name.ts';
import { formatIpv6, parseIpv6, type Ipv6Address } from '../../core/ipv6.ts';
import { parseMac } from '../../core/mac-address.ts';
import { parseAddressWithLength } from '../../core/prefix.ts';
import type { Problem } from '../../core/problem.ts';
import { quote } from '../../core/quote.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import { rangeOf } from '../../core/scope.ts';
import { readIntentFields, type IntentFields, type NameKey } from '../intent/intent-fields.ts';
import { parsePlainName } from '../intent/plain-name.ts';
import { parseDhcpcdVersion } from '../uplink/dhcpcd-version.ts';
import type { UplinkIntent } from '../uplink/uplink-intent.ts';
import type { Failover, FailoverLan, GatewayAddress } from './failover.ts';

export const failoverKeys = [
  'kind',
  'interface',
  'mac',
  'lan',
  'length',
  'iaid',
  'dhcpcdVersion',
  'client',
  'name',
  'linkLocal',
  'vrid',
  'priority',
  'advertInterval',
  'syncFlows',
  'syncInterface',
];

/** Where things are on the machine that the files are for, absolute. */
export interface FailoverPlaces {
  readonly stateFile: string;
  readonly eventsDirectory: string;
}

const usualLinkLocal = parseIpv6('fe80::1') as { readonly ok: true; readonly value: Ipv6Address };

export function readFailover(
  intent: unknown,
  name: NameKey,
  { stateFile, eventsDirectory }: FailoverPlaces,
): Result<Failover, readonly Problem[]> {
  const fields = readIntentFields(intent, failoverKeys, name);
  if (fields.has('kind')) fields.choice('kind', ['failover']);
  const port = fields.required('interface', parsePlainName);
  const mac = fields.required('mac', parseMac);
  const ownName = fields.has('name') ? fields.optional('name', parsePlainName) : ('wan0' as InterfaceName);
  const lans = readLans(fields);
  refuseTwice(fields, port, ownName, lans);
  const linkLocal = fields.has('linkLocal') ? fields.optional('linkLocal', parseLinkLocal) : usualLinkLocal.value;
  const vrid = fields.integer('vrid', { min: 1, max: 255 }) ?? 66;
  const priority = fields.integer('priority', { min: 1, max: 254 }) ?? 200;
  const advertInterval = fields.integer('advertInterval', { min: 10, max: 40_950 }) ?? 200;
  if (advertInterval % 10 !== 0) {
    const message = `${advertInterval} ms is not a multiple of 10 ms, in which VRRP counts`;
    fields.refuse('advertInterval', { code: 'intent-value', message });
  }
  const syncInterface = readSync(fields, lans);
  const client = readClient(fields, ownName, mac, eventsDirectory);
  if (!port || mac === undefined || !ownName || linkLocal === undefined || fields.problems.length > 0) {
    return fail(fields.problems);
  }
  return succeed({
    port,
    name: ownName,
    mac,
    lans,
    linkLocal,
    vrid,
    priority,
    advertInterval,
    stateFile,
    ...(syncInterface !== undefined && { syncInterface }),
    ...(client && { client }),
  });
}

/** `eth1=fd12:3456:789a::1/64`, one or more of an interface. */
function readLans(fields: IntentFields): FailoverLan[] {
  const lans = new Map<InterfaceName, GatewayAddress[]>();
  if (fields.items('lan').length === 0) fields.missing('lan');
  for (const { interface: at, address, length } of fields.list('lan', parseLanAddress)) {
    const known = lans.get(at) ?? [];
    if (known.some((other) => other.address === address)) {
      fields.refuse('lan', { code: 'intent-value', message: `${formatIpv6(address)} stands twice for ${at}` });
    }
    lans.set(at, [...known, { address, length }]);
  }
  return [...lans].map(([at, addresses]) => ({ interface: at, addresses }));
}

function parseLanAddress(text: string): Result<GatewayAddress & { readonly interface: InterfaceName }> {
  const equals = text.indexOf('=');
  const at = parsePlainName(text.slice(0, Math.max(equals, 0)));
  if (equals < 1) {
    const mend = 'Write interface and gateway address, as in eth1=fd12:3456:789a::1/64.';
    return fail({ code: 'intent-value', message: `${quote(text)} does not name an interface and an address`, mend });
  }
  if (!at.ok) return at;
  const read = parseAddressWithLength(text.slice(equals + 1));
  if (!read.ok) return read;
  const { kind } = rangeOf(read.value.address);
  if (kind === 'link-local' || kind === 'multicast' || kind === 'loopback' || kind === 'unspecified') {
    const message = `${formatIpv6(read.value.address)} is ${kind}: hosts cannot have it as an address of their router`;
    return fail({ code: 'intent-value', message, mend: 'Give the one in their subnet, as in fd12:3456:789a::1/64.' });
  }
  return succeed({ interface: at.value, ...read.value });
}

function parseLinkLocal(text: string): Result<Ipv6Address> {
  const address = parseIpv6(text);
  if (!address.ok || rangeOf(address.value).kind === 'link-local') return address;
  const message = `${quote(text)} is not link-local: VRRP for IPv6 begins with such an address`;
  return fail({ code: 'intent-value', message, mend: 'Leave it out for fe80::1.' });
}

function refuseTwice(
  fields: IntentFields,
  port: InterfaceName | undefined,
  name: InterfaceName | undefined,
  lans: readonly FailoverLan[],
): void {
  const refuse = (key: string, message: string): void => fields.refuse(key, { code: 'interface-name', message });
  if (port !== undefined && port === name) {
    refuse('name', `${name} is the port itself: the interface with the shared address is another one on it`);
  }
  for (const lan of lans) {
    if (lan.interface === port || lan.interface === name) refuse('lan', `${lan.interface} is the way out as well`);
  }
}

function readSync(fields: IntentFields, lans: readonly FailoverLan[]): InterfaceName | undefined {
  const wanted = fields.flag('syncFlows');
  const given = fields.optional('syncInterface', parsePlainName);
  if (given !== undefined && !wanted) {
    fields.refuse('syncInterface', {
      code: 'intent-value',
      message: 'it is for flows that are synchronized',
      mend: 'Add syncFlows.',
    });
  }
  return wanted ? (given ?? lans[0]?.interface) : undefined;
}

function readClient(
  fields: IntentFields,
  name: InterfaceName | undefined,
  mac: bigint | undefined,
  eventsDirectory: string,
): UplinkIntent | undefined {
  const client = fields.choice('client', ['dhcpcd', 'none']) ?? 'dhcpcd';
  if (client === 'none') {
    for (const key of ['length', 'iaid', 'dhcpcdVersion']) {
      if (fields.has(key))
        fields.refuse(key, { code: 'intent-value', message: 'it is for a client, and there is none' });
    }
    return undefined;
  }
  if (!fields.has('length')) fields.missing('length');
  const length = fields.integer('length', { min: 20, max: 64 });
  const iaid = fields.integer('iaid', { min: 0, max: 999_999_999 });
  const dhcpcdVersion = fields.required('dhcpcdVersion', parseDhcpcdVersion);
  if (!name || mac === undefined || length === undefined || !dhcpcdVersion) return undefined;
  return {
    interface: name,
    length,
    eventsDirectory,
    dhcpcdVersion,
    ...(iaid !== undefined && { iaid }),
    stateless: { mac },
  };
}
