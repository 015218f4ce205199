import { formatIpv6, type Ipv6Address } from '../core/ipv6.ts';
import { isLinkLocal } from '../core/link-local.ts';
import { rangeOf } from '../core/scope.ts';
import type { Findings } from './findings.ts';
import { refuse, type Located } from './shape/shape.ts';

const special = ['unspecified', 'loopback', 'multicast', 'ipv4-mapped', 'ipv4-compatible', 'discard', 'site-local'];

/** Whether an address can stand where it stands; each reports what it is instead. */
export const interfaceKinds = {
  /** One that other machines can reply to. */
  global(at: Located<Ipv6Address>, findings: Findings): boolean {
    const { kind, name } = rangeOf(at.value);
    if (kind !== 'link-local' && !special.includes(kind)) return true;
    const message = `${formatIpv6(at.value)} is ${name}: no machine elsewhere can reply to it`;
    refuse(findings.refuse, at, 'config-value', message, 'Write a global address.');
    return false;
  },
  linkLocal(at: Located<Ipv6Address>, findings: Findings): boolean {
    if (isLinkLocal(at.value)) return true;
    const message = `${formatIpv6(at.value)} is not link-local`;
    refuse(findings.refuse, at, 'config-value', message, 'Write a link-local address, as in fe80::2.');
    return false;
  },
} as const;
