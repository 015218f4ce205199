import { formatIpv6, ipv6FromWords, type Ipv6Address } from '../core/ipv6.ts';
import { contains, prefixOf } from '../core/prefix.ts';
import type { HealthCheck } from '../engine/config.ts';
import type { Findings } from './findings.ts';
import type { ReadConfig } from './resolve-uplinks.ts';
import { refuse, type Located } from './shape/shape.ts';

type ReadHealth = NonNullable<
  NonNullable<NonNullable<ReadConfig['uplinks']>['value'][number]['body']>['value']['health']
>;

/** Public resolvers of three operators, anycast and built to be asked: Google, Cloudflare, Quad9. */
export const usualTargets: readonly Ipv6Address[] = [
  ipv6FromWords([0x2001, 0x4860, 0x4860, 0, 0, 0, 0, 0x8888]),
  ipv6FromWords([0x2606, 0x4700, 0x4700, 0, 0, 0, 0, 0x1111]),
  ipv6FromWords([0x2620, 0xfe, 0, 0, 0, 0, 0, 0xfe]),
];

const globalUnicast = prefixOf(ipv6FromWords([0x2000, 0, 0, 0, 0, 0, 0, 0]), 3);

export function resolveHealth({ value }: ReadHealth, findings: Findings): HealthCheck {
  const targets = value.targets?.value ?? [];
  for (const target of targets) judgeTarget(target, findings);
  if (value.targets && targets.length === 0) {
    const mend = 'Name at least one host that answers ping, or take "targets" out for public resolvers.';
    refuse(findings.refuse, value.targets, 'config-value', 'nobody is asked whether the Internet can be reached', mend);
  }
  const interval = value.interval?.value ?? 5;
  const timeout = value.timeout?.value ?? 1;
  if (timeout > interval) {
    const at = value.timeout ?? value.interval!;
    const message = `an answer may take ${timeout} s, longer than the ${interval} s from one round to the next`;
    refuse(findings.refuse, at, 'config-value', message, 'Write a timeout that is not longer than the interval.');
  }
  return {
    targets: targets.length > 0 ? targets.map((target) => target.value) : usualTargets,
    interval,
    timeout,
    down: value.down?.value ?? 3,
    up: value.up?.value ?? 5,
  };
}

function judgeTarget(target: Located<Ipv6Address>, findings: Findings): void {
  if (contains(globalUnicast, target.value)) return;
  const message = `${formatIpv6(target.value)} is no address on the Internet: its answer would say nothing of the way there`;
  refuse(findings.refuse, target, 'config-value', message, 'Name a host on the Internet that answers ping.');
}
