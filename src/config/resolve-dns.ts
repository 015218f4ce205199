import { ipv6FromBigInt } from '../core/ipv6.ts';
import { quote } from '../core/quote.ts';
import type { DnsHost, DnsUpdater, Network, Uplink } from '../engine/config.ts';
import type { Findings } from './findings.ts';
import { nearest } from './nearest.ts';
import type { ReadConfig } from './resolve-uplinks.ts';
import { refuse } from './shape/shape.ts';

type Entry = NonNullable<ReadConfig['dns']>['value'][number];
type Service = NonNullable<Entry['body']>['value'];
type ReadHost = NonNullable<Service['fields']['hosts']>['value'][number]['value'];

export function resolveDns(
  entries: readonly Entry[],
  networks: readonly Network[],
  uplinks: readonly Uplink[],
  findings: Findings,
): readonly DnsUpdater[] {
  return entries.flatMap(({ name, body }) => {
    if (!body) return [];
    const hosts = (body.value.fields.hosts?.value ?? []).flatMap(({ value }) => {
      const host = resolveHost(value, networks, uplinks, findings);
      return host ? [host] : [];
    });
    return [{ name: name.value, service: resolveService(body.value), hosts }];
  });
}

function resolveService({ kind, fields }: Service): DnsUpdater['service'] {
  if (kind === 'http') {
    const { url, user, passwordFile } = fields;
    return {
      via: 'http',
      url: url?.value ?? '', // refused where it is missing
      ...(user && { user: user.value }),
      ...(passwordFile && { passwordFile: passwordFile.value }),
    };
  }
  const { server, port, zone, keyFile, ttl } = fields;
  return {
    via: 'nsupdate',
    ...(server && { server: server.value }),
    port: port?.value ?? 53,
    ...(zone && { zone: zone.value }),
    ...(keyFile && { keyFile: keyFile.value }),
    ttl: ttl?.value ?? 60,
  };
}

function resolveHost(
  { host, name, uplink }: ReadHost,
  networks: readonly Network[],
  uplinks: readonly Uplink[],
  findings: Findings,
): DnsHost | undefined {
  if (!host || !name) return undefined;
  if (uplink && !uplinks.some((each) => each.name === uplink.value)) {
    const near =
      nearest(
        uplink.value,
        uplinks.map((each) => each.name),
      ) ?? 'the name of an uplink';
    return refuse(
      findings.refuse,
      uplink,
      'config-reference',
      `there is no uplink ${quote(uplink.value)}`,
      `Write ${near}.`,
    );
  }
  const subnets = networks.flatMap((network) => network.subnets);
  const found = subnets.filter((subnet) => subnet.name === host.value.subnet);
  if (found.length === 0) {
    const near =
      nearest(
        host.value.subnet,
        subnets.map((each) => each.name),
      ) ?? 'the name of a subnet';
    const message = `there is no subnet ${quote(host.value.subnet)}`;
    return refuse(findings.refuse, host, 'config-reference', message, `Write ${near}.`);
  }
  if (found.length > 1) {
    const message = `${found.length} networks have a subnet ${quote(host.value.subnet)}`;
    return refuse(findings.refuse, host, 'config-reference', message, 'Give the subnets different names.');
  }
  const address = ipv6FromBigInt(found[0]!.prefix.address | host.value.interfaceId);
  return { host: address, name: name.value, ...(uplink && { uplink: uplink.value }) };
}
