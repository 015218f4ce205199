import { formatIpv4, parseIpv4, type Ipv4Address } from '../../core/ipv4.ts';
import { formatIpv6, ipv6FromBigInt, parseIpv6, type Ipv6Address } from '../../core/ipv6.ts';
import { isLinkLocal } from '../../core/link-local.ts';
import { parseMac } from '../../core/mac-address.ts';
import { contains, formatPrefix, overlap, parsePrefix, type Prefix } from '../../core/prefix.ts';
import type { Problem } from '../../core/problem.ts';
import { quote } from '../../core/quote.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import { rangeOf } from '../../core/scope.ts';
import { readIntentFields, type IntentFields, type NameKey } from '../intent/intent-fields.ts';
import { parsePlainName } from '../intent/plain-name.ts';
import { isExampleIpv4 } from '../intent/public-ipv4.ts';
import { hotplugScripts, type GuestAddress, type PointToPoint, type XenGuestLink } from './xen-guest.ts';

export const xenGuestKeys = [
  'kind',
  'name',
  'device',
  'interface',
  'mac',
  'vifname',
  'script',
  'gatewaydev',
  'prefix',
  'address',
  'gateway',
  'routed',
  'ipv4',
  'ipv4Gateway',
  'dns',
  'proxyNdp',
];

/** From the JSON of an intent to a checked link; or all that is wrong with it. */
export function readXenGuest(intent: unknown, name: NameKey): Result<XenGuestLink, readonly Problem[]> {
  const fields = readIntentFields(intent, xenGuestKeys, name);
  if (fields.has('kind')) fields.choice('kind', ['xen-guest']);
  const guest = fields.required('name', parseGuestName);
  const device = fields.integer('device', { min: 0, max: 255 }) ?? 0;
  const device0 = parsePlainName(`enX${device}`);
  const inGuest = fields.has('interface') ? fields.required('interface', parsePlainName) : device0.ok && device0.value;
  const mac = fields.optional('mac', parseMac);
  const vifname = fields.optional('vifname', parsePlainName);
  const script = fields.choice('script', hotplugScripts);
  const gatewaydev = fields.optional('gatewaydev', parsePlainName);
  const prefixes = fields.list('prefix', parsePrefix);
  const given = fields.list('address', parseIpv6);
  const routed = fields.list('routed', parsePrefix);
  const gateway = readGateway(fields, prefixes);
  const ipv4 = readIpv4(fields, gateway !== undefined);
  const dns = fields.list('dns', parseServer);
  const proxyNdp = fields.flag('proxyNdp');
  refuseUnusable(fields, prefixes, given, routed);
  const singles = given.filter((address) => !prefixes.some((prefix) => contains(prefix, address)));
  const addresses = addressesIn(prefixes, given, gateway).concat(singles.map((address) => ({ address, length: 128 })));
  for (const prefix of prefixes) {
    if (addresses.some(({ address }) => contains(prefix, address))) continue;
    refuse(fields, 'prefix', `${formatPrefix(prefix)} has no address for the guest beside the gateway's`);
  }
  const taken = addresses.find(({ address }) => address === gateway);
  if (taken) refuse(fields, 'address', `${formatIpv6(taken.address)} is the gateway and cannot be the guest's too`);
  if (addresses.length === 0 && ipv4 === undefined && !fields.has('prefix') && !fields.has('address')) {
    fields.missing('prefix');
  }
  if (proxyNdp && singles.length === 0) {
    refuse(fields, 'proxyNdp', 'it is about single addresses, and there is none outside of the prefixes');
  }
  if (guest === undefined || !inGuest || fields.problems.length > 0) return fail(fields.problems);
  const all = [...addresses.map(({ address }) => address), ...prefixes.concat(routed).map(({ address }) => address)];
  return succeed({
    name: guest,
    device,
    interface: inGuest,
    ...(mac !== undefined && { mac }),
    ...(vifname !== undefined && { vifname }),
    // The distribution's own needs an IPv4 address of Dom0.
    script: script ?? (ipv4 === undefined ? 'vif-route6' : 'vif-route'),
    ...(gatewaydev !== undefined && { gatewaydev }),
    prefixes,
    singles,
    addresses,
    ...(gateway !== undefined && addresses.length > 0 && { gateway }),
    routed,
    ...(ipv4 !== undefined && { ipv4 }),
    dns,
    proxyNdp,
    example:
      all.some((each) => rangeOf(each).kind === 'documentation') || (ipv4 !== undefined && isExampleIpv4(ipv4.address)),
  });
}

function refuse(fields: IntentFields, key: string, message: string, mend?: string): void {
  fields.refuse(key, { code: 'guest-address', message, ...(mend !== undefined && { mend }) });
}

/** Xen takes nearly any name; what would steer a terminal or end a line of a file is none that was meant. */
function parseGuestName(text: string): Result<string> {
  if (text !== '' && text.trim() === text && text.length <= 255 && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/]/u.test(text)) {
    return succeed(text);
  }
  const message = `${quote(text)} is not a name for a guest`;
  return fail({ code: 'guest-name', message, mend: 'Give it as it stands in its xl.cfg under name.' });
}

/** fe80::1 unless said otherwise: it fits every prefix and is the same in every guest. */
function readGateway(fields: IntentFields, prefixes: readonly Prefix[]): Ipv6Address | undefined {
  if (!fields.has('gateway')) return ipv6FromBigInt((0xfe80n << 112n) | 1n);
  const given = fields.optional<Ipv6Address | 'none'>('gateway', (text) =>
    text === 'none' ? succeed(text) : parseIpv6(text),
  );
  if (given === undefined || given === 'none') return undefined;
  if (!isLinkLocal(given) && !prefixes.some((prefix) => contains(prefix, given))) {
    const where =
      prefixes.length === 0 ? 'and there is no prefix' : `and not in ${prefixes.map(formatPrefix).join(', ')}`;
    const mend = 'Take an address in the prefix, leave it out for fe80::1, or say none for no default route.';
    refuse(fields, 'gateway', `${formatIpv6(given)} is not link-local ${where}`, mend);
  }
  return given;
}

/** In each prefix the given addresses, or the second one: the first is the gateway in many places. */
function addressesIn(
  prefixes: readonly Prefix[],
  given: readonly Ipv6Address[],
  gateway: Ipv6Address | undefined,
): GuestAddress[] {
  return prefixes.flatMap((prefix) => {
    const { length } = prefix;
    const named = given.filter((address) => contains(prefix, address));
    if (named.length > 0) return named.map((address) => ({ address, length }));
    const free = [2n, 1n, 0n].map((id) => ipv6FromBigInt(prefix.address + id));
    const address = free.find((each) => contains(prefix, each) && each !== gateway);
    return address === undefined ? [] : [{ address, length }];
  });
}

function refuseUnusable(
  fields: IntentFields,
  prefixes: readonly Prefix[],
  given: readonly Ipv6Address[],
  routed: readonly Prefix[],
): void {
  const check = (key: string, address: Ipv6Address, text: string): void => {
    const { kind, name } = rangeOf(address);
    const reachable = ['global-unicast', 'documentation', 'unique-local', '6to4'].includes(kind);
    if (!reachable) refuse(fields, key, `${text} is ${name}`, 'Give what the provider routes to this host.');
  };
  for (const prefix of prefixes) check('prefix', prefix.address, formatPrefix(prefix));
  for (const address of given) check('address', address, formatIpv6(address));
  for (const prefix of routed) check('routed', prefix.address, formatPrefix(prefix));
  for (const [key, list] of [
    ['prefix', prefixes],
    ['routed', routed],
  ] as const) {
    for (const [index, one] of list.entries()) {
      const before = [...(key === 'routed' ? prefixes : []), ...list.slice(0, index)];
      const other = before.find((each) => overlap(each, one));
      if (other) refuse(fields, key, `${formatPrefix(one)} and ${formatPrefix(other)} have addresses in common`);
    }
  }
}

function readIpv4(fields: IntentFields, isDefault: boolean): PointToPoint | undefined {
  const address = fields.optional('ipv4', parseUnicastIpv4);
  const gateway = fields.optional('ipv4Gateway', parseUnicastIpv4);
  if (address === undefined && gateway === undefined) return undefined;
  if (gateway === undefined && !fields.has('ipv4Gateway')) return fields.missing('ipv4Gateway');
  if (address === undefined && !fields.has('ipv4')) return fields.missing('ipv4');
  if (address === undefined || gateway === undefined) return undefined;
  if (address === gateway) refuse(fields, 'ipv4Gateway', `${formatIpv4(address)} is the guest itself`);
  return { address, gateway, isDefault };
}

function parseUnicastIpv4(text: string): Result<Ipv4Address> {
  const address = parseIpv4(text);
  if (!address.ok) return address;
  const first = Number(text.split('.')[0]);
  if (first !== 0 && first !== 127 && first < 224) return address;
  return fail({ code: 'guest-address', message: `${quote(text)} is no address of a host` });
}

function parseServer(text: string): Result<string> {
  const ipv4 = parseIpv4(text);
  if (ipv4.ok) return succeed(formatIpv4(ipv4.value));
  const ipv6 = parseIpv6(text);
  return ipv6.ok ? succeed(formatIpv6(ipv6.value)) : ipv6;
}
