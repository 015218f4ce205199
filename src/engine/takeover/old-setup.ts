import type { DhcpcdOption } from '../doctor/host-facts.ts';

/** What was found on a machine that was set up by hand, in the manner of how-tos. */
export interface OldSetup {
  readonly dhcpcd: { readonly path: string; readonly options: readonly DhcpcdOption[] } | undefined;
  /** dhcpcd's own; empty where its file is there without anything in it, as for two routers. */
  readonly duid: { readonly path: string; readonly text: string } | undefined;
  /** Scripts and lists of rules that translate prefixes or jump to chains that do. */
  readonly rules: readonly { readonly path: string; readonly isHook: boolean; readonly rules: readonly OldRule[] }[];
  readonly interfaces: readonly { readonly path: string; readonly stanzas: readonly OldStanza[] }[];
  readonly xen: {
    readonly config: string | undefined;
    /** Files of Xen that a patch or a how-to put there. */
    readonly scripts: readonly { readonly path: string; readonly isPatched: boolean }[];
  };
}

/** A rule of ip6tables that has to do with the translation. */
export interface OldRule {
  /** From 1. */
  readonly line: number;
  readonly chain: string;
  /** `NETMAP`, or the chain that it jumps to. */
  readonly target: string;
  /** Where packets leave, for a rule that is about one interface. */
  readonly out: string | undefined;
  readonly source: string | undefined;
  /** Undefined where it is known only when the script runs. */
  readonly to: string | undefined;
}

/** A stanza `iface` of ifupdown. */
export interface OldStanza {
  readonly line: number;
  readonly lastLine: number;
  readonly name: string;
  readonly family: string;
  readonly method: string;
  readonly options: readonly { readonly line: number; readonly name: string; readonly value: string }[];
}
