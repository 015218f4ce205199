import type { Problem } from '../core/problem.ts';
import type { Config } from './config.ts';
import type { Sight } from './steering.ts';
import { watchedUplinks } from './routing.ts';
import { explainLink } from './uplink-link.ts';

/** Uplinks that are down, and those of which it can't be told. */
export function uplinkProblems(config: Config, { links, health }: Sight): Problem[] {
  return watchedUplinks(config).flatMap((uplink) => {
    const { name, interface: at } = uplink;
    const link = links.find((each) => each.interface === at);
    const known = health.get(name);
    const why = (link && explainLink(link)) ?? (known?.state === 'down' ? known.why : undefined);
    if (why !== undefined) return [down(name, at, why)];
    return known?.unasked === undefined ? [] : [unasked(name, known.unasked)];
  });
}

function down(name: string, at: string, why: string): Problem {
  return {
    code: 'uplink-down',
    message: `uplink ${name} is down: ${why}`,
    mend: `Look at the line and at the provider of ${at}; new flows leave by another uplink meanwhile, where there is one.`,
  };
}

function unasked(name: string, why: string): Problem {
  return {
    code: 'uplink-unasked',
    message: `it cannot be asked whether the Internet can be reached through ${name}: ${why}`,
    mend: 'Until then the uplink counts as it did before.',
  };
}
