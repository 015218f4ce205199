import type { Read } from '../../engine/kernel-state.ts';
import { reasonOf } from '../../core/printable.ts';

/** As `ip` arguments: links with what kind they are. */
export const listLinkKinds = ['ip', '-j', '-d', 'link', 'show'] as const;

export interface LinkKind {
  /** Null for hardware. */
  readonly kind: string | null;
  readonly linkType: string;
  readonly enslaved: boolean;
}

interface Link {
  readonly ifname?: string;
  readonly link_type?: string;
  readonly master?: string;
  readonly linkinfo?: { readonly info_kind?: string };
}

/** By name, out of the output of `listLinkKinds`. */
export function parseLinkKinds(text: string): Read<ReadonlyMap<string, LinkKind>> {
  try {
    const kinds = (JSON.parse(text) as Link[]).flatMap((link) => {
      if (link.ifname === undefined) return [];
      const kind = { kind: link.linkinfo?.info_kind ?? null, linkType: link.link_type ?? '', enslaved: !!link.master };
      return [[link.ifname, kind] as const];
    });
    return { known: true, value: new Map(kinds) };
  } catch (error) {
    const why = reasonOf(error);
    return { known: false, why: `the output of ip was not understood: ${why}` };
  }
}
