import type { Problem } from '../core/problem.ts';
import type { Config } from './config.ts';

/** Where established flows pass by the rules, through a flowtable of the kernel. */
export interface Offload {
  /** In the order of the configuration: of each translation the uplink's, then those of its subnets. */
  readonly interfaces: readonly string[];
}

/** Whether the kernel takes a flowtable; `only`: on these interfaces and no others. */
export type FlowtableAnswer =
  | { readonly taken: true; readonly only?: readonly string[] }
  | { readonly taken: false; readonly why: string };

/** What of this machine decides about it. */
export interface OffloadSight {
  readonly flowtables: FlowtableAnswer;
  /** The interfaces that are there. */
  readonly present: readonly string[];
}

/** The kernel takes no more in one flowtable (NFT_NETDEVICE_MAX). */
const most = 256;

/** All interfaces that should take part, whether they are there or not. */
export function offloadInterfaces({ translations }: Config): string[] {
  const names = translations
    .filter(({ offload }) => offload)
    .flatMap(({ uplink, network }) => [
      uplink.interface,
      ...network.subnets.flatMap((subnet) => subnet.interface ?? []),
    ]);
  return [...new Set(names)];
}

/**
 * | the configuration | the kernel            | what should be in force              |
 * | ----------------- | --------------------- | ------------------------------------ |
 * | does not ask      |                       | nothing                              |
 * | asks              | nobody looked         | nothing                              |
 * | asks              | takes no flowtable    | nothing, and a problem that tells it |
 * | asks              | takes one             | it, on the interfaces that are there |
 */
export function deriveOffload(
  config: Config,
  sight: OffloadSight | undefined,
): { readonly offload?: Offload; readonly problems: readonly Problem[] } {
  const wanted = offloadInterfaces(config);
  if (wanted.length === 0 || !sight) return { problems: [] };
  const { flowtables, present } = sight;
  if (!flowtables.taken) return { problems: [noFlowtable(flowtables.why)] };
  const { only = present } = flowtables;
  const interfaces = wanted.filter((name) => present.includes(name) && only.includes(name)).slice(0, most);
  return { offload: { interfaces }, problems: [] };
}

export function noFlowtable(why: string): Problem & { readonly mend: string } {
  return {
    code: 'offload-missing',
    message: `flows are not offloaded, all go through the rules: the kernel takes no flowtable (${why})`,
    mend: 'Use a kernel with the modules nf_flow_table, nf_flow_table_inet and nft_flow_offload, as Debian\'s has, or take "offload: true" out.',
  };
}
