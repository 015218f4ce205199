import type { VifRoute } from './vif-state.ts';

/** One change on Dom0 for a guest's interface, with its reason. Doing one again changes nothing. */
export type VifStep = { readonly because: string } & (
  | { readonly do: 'filter' | 'unfilter' | 'raise'; readonly device: string }
  /** A path under /proc/sys. */
  | { readonly do: 'set'; readonly setting: string; readonly value: 0 | 1 }
  | { readonly do: 'add-address' | 'remove-address'; readonly device: string; readonly address: string }
  | {
      readonly do: 'add-guest-route' | 'remove-guest-route';
      readonly device: string;
      readonly route: VifRoute;
      readonly metric: number;
    }
  /** Proxy NDP: Dom0 answers for an address that is not its own. */
  | { readonly do: 'answer' | 'stop-answering'; readonly device: string; readonly address: string }
);
