import type { HostFacts } from '../host-facts.ts';

/** There is no configuration, nobody named one, and there are tunnels: `sixgate generate` alone was used, or something else. */
export function tunnelsOnly({ config, tunnelling }: HostFacts): boolean {
  return !config.valid && config.unneeded === true && tunnelling.tunnels.length > 0;
}
