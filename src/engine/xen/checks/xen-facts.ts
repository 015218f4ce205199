import type { DefaultRoute, InterfaceFact } from '../../doctor/host-facts.ts';
import type { Read } from '../../kernel-state.ts';
import type { GuestReport } from '../guest-report.ts';

/** What the checks of a Xen host look at, as it was read. */
export interface XenFacts {
  /** Whether Xen's own hotplug scripts are there. */
  readonly scripts: boolean;
  /** Undefined where it is not there. */
  readonly hook: Read<HookFact | undefined>;
  /** `vif.default.script` of xl.conf; undefined where that says nothing. */
  readonly defaultScript: Read<string | undefined>;
  /** Versions by name, `''` for one that says none; null for a tool that is not there. */
  readonly tools: ReadonlyMap<string, Read<string | null>>;
  /** Kernel settings by their path under /proc/sys. */
  readonly settings: ReadonlyMap<string, number>;
  readonly interfaces: Read<readonly InterfaceFact[]>;
  readonly defaultRoutes: Read<readonly DefaultRoute[]>;
  /** What the kernel says to the filter, tried without applying; null: it takes it. */
  readonly filterRefused: Read<string | null>;
  readonly guests: Read<readonly GuestReport[]>;
}

export interface HookFact {
  readonly path: string;
  readonly whose: 'ours' | 'changed' | 'foreign';
  readonly executable: boolean;
  /** What it calls; undefined where that is not understood. */
  readonly program?: string;
  /** Whether that can be run. */
  readonly runs: boolean;
}
