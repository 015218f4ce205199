import type { FirewallChain, FirewallTable } from '../firewall/firewall.ts';

/** A program that makes and remakes its table itself, so that a rule put in by hand is gone at its next start. */
export type FirewallOwner =
  | { readonly is: 'ufw' | 'docker' }
  /** With the zone that an interface is in. */
  | { readonly is: 'firewalld'; readonly zoneOf: (link: string) => string };

/** Undefined where the rules are an admin's own. */
export function findOwner({ name, chains }: FirewallTable): FirewallOwner | undefined {
  if (chains.has('ufw6-before-forward') || chains.has('ufw-before-forward')) return { is: 'ufw' };
  if (name === 'inet firewalld') return { is: 'firewalld', zoneOf: (link) => findZone(chains, link) };
  if (chains.has('DOCKER-USER')) return { is: 'docker' };
  return undefined;
}

/**
 * The first way into a zone that holds for the interface: firewalld 1 has them in `filter_INPUT_ZONES`, 2 in
 * `filter_INPUT_POLICIES`; the last one, without a condition, is the default zone's.
 */
function findZone(chains: ReadonlyMap<string, FirewallChain>, link: string): string {
  const rules = ['filter_INPUT_ZONES', 'filter_INPUT_POLICIES'].flatMap((name) => chains.get(name)?.rules ?? []);
  for (const { conditions, effect } of rules) {
    const zone = 'chain' in effect ? /^filter_IN_(?!policy_)(.+)$/.exec(effect.chain)?.[1] : undefined;
    if (zone === undefined) continue;
    const holds = conditions.every(
      (condition) =>
        condition.kind === 'field' &&
        condition.field === 'iifname' &&
        condition.values.some((value) => 'text' in value && value.text === link),
    );
    if (holds) return zone;
  }
  return 'public';
}
