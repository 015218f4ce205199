import type { Prefix } from '../../src/core/prefix.ts';
import type { Config } from '../../src/engine/config.ts';
import type { Desired } from '../../src/engine/desired.ts';
import { prefix } from '../../src/testing/healthy-host.ts';

/** What is wanted of the network home on this uplink: the first outside prefix both ways, the others inbound only. */
export function desiredHome(config: Config, uplink: string, inside: Prefix, outside: readonly string[]): Desired {
  return {
    config,
    mappings: outside.map((text, index) => ({
      uplink,
      network: 'home',
      inside,
      outside: prefix(text),
      direction: index === 0 ? 'both' : 'inbound',
    })),
    unreachable: [inside, ...outside.map(prefix)],
    until: Infinity,
    problems: [],
  };
}
