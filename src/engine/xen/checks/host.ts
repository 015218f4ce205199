import { setSetting } from '../../doctor/set-setting.ts';
import { ok, problem, unknown, warning, type Finding } from '../../doctor/finding.ts';
import type { XenConfig } from '../xen-config.ts';
import type { XenFacts } from './xen-facts.ts';

/** What the hook starts, by Debian's package. */
export const xenTools = {
  nft: 'nftables',
  ip: 'iproute2',
  sysctl: 'procps',
  'xenstore-read': 'xenstore-utils',
  'xenstore-list': 'xenstore-utils',
} as const;

export function judgeTools({ tools }: XenFacts, config: XenConfig): Finding[] {
  const advertised = config.guests.some(({ interfaces }) => interfaces.some(({ advertise }) => advertise));
  return [...Object.entries(xenTools), ...(advertised ? [['radvd', 'radvd'] as const] : [])].map(([name, of]) => {
    const id = `xen-tool:${name}`;
    const version = tools.get(name) ?? { known: false, why: 'nobody asked for it' };
    if (!version.known) return unknown(id, name, version.why);
    if (version.value === null) return problem(id, `${name} is missing`, `apt install ${of}`);
    return ok(id, `${name} ${version.value}`.trimEnd());
  });
}

export function judgeFilter({ filterRefused }: XenFacts): Finding[] {
  const id = 'xen-filter';
  if (!filterRefused.known) return [unknown(id, 'whether the kernel takes the filter', filterRefused.why)];
  if (filterRefused.value === null) return [ok(id, 'the kernel takes the filter')];
  const mend = 'Load the modules nf_tables and nft_fib_ipv6; without a filter guests get no IPv6.';
  return [problem(id, `the kernel refuses the filter: ${filterRefused.value}`, mend)];
}

export function judgeForwarding({ settings }: XenFacts): Finding[] {
  const path = 'net/ipv6/conf/all/forwarding';
  const value = settings.get(path);
  if (value === undefined) return [unknown('xen-forwarding', path, 'there is no such setting')];
  if (value !== 0) return [ok('xen-forwarding', 'Dom0 forwards IPv6')];
  return [problem('xen-forwarding', 'Dom0 does not forward IPv6, so guests reach Dom0 only', setSetting(path, 1))];
}

/** A machine that forwards hears router advertisements only with accept_ra 2, and its default route may live on them. */
export function judgeUplink({ settings, interfaces, defaultRoutes }: XenFacts, { uplink }: XenConfig): Finding[] {
  const findings: Finding[] = [];
  if (uplink !== undefined && interfaces.known) {
    const there = interfaces.value.some(({ name }) => name === uplink);
    const mend = 'Write the interface to the provider as xen.uplink.';
    findings.push(
      there ? ok('xen-uplink', `${uplink} is there`) : problem('xen-uplink', `there is no interface ${uplink}`, mend),
    );
  }
  if (!defaultRoutes.known) return [...findings, unknown('xen-default-route', 'the default route', defaultRoutes.why)];
  if (defaultRoutes.value.length === 0) {
    const mend = 'Give Dom0 a default route, as the provider says.';
    return [...findings, problem('xen-default-route', 'Dom0 has no IPv6 default route', mend)];
  }
  for (const { interface: name, protocol } of defaultRoutes.value) {
    const id = `xen-default-route:${name}`;
    const path = `net/ipv6/conf/${name}/accept_ra`;
    const deaf = protocol === 'ra' && settings.get(path) === 1 && settings.get('net/ipv6/conf/all/forwarding') === 1;
    const found = `the default route over ${name} is from router advertisements, which Dom0 hears no longer since it forwards`;
    findings.push(
      deaf ? warning(id, found, setSetting(path, 2)) : ok(id, `Dom0 has a default route over ${name} (${protocol})`),
    );
  }
  return findings;
}
