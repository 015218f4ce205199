import type { Site } from './site.ts';

/** A /64 in the router advertisement, lifetimes in seconds. */
export interface AdvertisedLink {
  readonly site: Site;
  readonly valid: number;
  readonly preferred: number;
}

/** radvd.conf; an old link with lifetime 0 tells the router that it is gone (RFC 9096 section 3.5). */
export function compileRadvdConfig(links: readonly AdvertisedLink[]): string {
  const prefixes = links.map(
    ({ site, valid, preferred }) => `
  prefix ${site.wanLink} {
    AdvOnLink on;
    AdvAutonomous on;
    AdvValidLifetime ${valid};
    AdvPreferredLifetime ${preferred};
  };`,
  );
  return `interface brwan {
  AdvSendAdvert on;
  AdvOtherConfigFlag on;
  MinRtrAdvInterval 3;
  MaxRtrAdvInterval 4;
  AdvDefaultLifetime 1800;${prefixes.join('')}
};
`;
}
