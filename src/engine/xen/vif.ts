import type { Prefix } from '../../core/prefix.ts';

/** A network interface of a guest, as the hotplug script and xenstore know it. */
export interface Vif {
  readonly domid: number;
  /** Its number in xl.cfg. */
  readonly devid: number;
  /** `tap`: the emulated card of an HVM guest, beside the `vif` of the same number until a driver takes that. */
  readonly kind: 'vif' | 'tap';
  /** What it is called in Dom0. */
  readonly device: string;
  /** Undefined where xenstore does not tell, as in a driver domain. */
  readonly name?: string;
  /** In small letters. */
  readonly uuid?: string;
  readonly mac?: bigint;
  /** The IPv6 part of `ip=` in xl.cfg; addresses as /128. */
  readonly given?: readonly Prefix[];
}

/** "interface 0 of web1". */
export function describeVif({ devid, kind, name, domid }: Vif): string {
  return `interface ${devid}${kind === 'tap' ? ' (emulated)' : ''} of ${name ?? `domain ${domid}`}`;
}
