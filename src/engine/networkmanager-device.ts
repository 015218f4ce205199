import type { Prefix } from '../core/prefix.ts';
import type { Problem } from '../core/problem.ts';

/** What NetworkManager says of an interface. */
export interface NetworkManagerDevice {
  /** NMDeviceState: 10 unmanaged, 20 unavailable, 30 disconnected, 100 connected ... */
  readonly state: number;
  /** Undefined where it names none: 1.42 never does, 1.52 where it was delegated one. */
  readonly prefixes: readonly Prefix[] | undefined;
}

/** The state of an interface that NetworkManager leaves alone. */
export const unmanagedState = 10;

/** What is missing where NetworkManager answers and no prefix is known by it. */
export function describeNoPrefix(on: string, source: { readonly of?: string; readonly length?: number }): Problem {
  const knowsBoth = source.of !== undefined && source.length !== undefined;
  const oldOne = '; and NetworkManager 1.42 never names it: write "of" and "length" beside "from: networkmanager"';
  return {
    code: 'client-missing',
    message: `NetworkManager names no delegated prefix for ${on}`,
    mend: `It asks for one only while a connection with ipv6.method=shared is active ("sixgate generate uplink --for networkmanager" writes one)${knowsBoth ? '' : oldOne}.`,
  };
}

export function describeUnmanaged(on: string): Problem {
  return {
    code: 'client-missing',
    message: `NetworkManager does not manage ${on}`,
    mend: 'Give it a connection; "sixgate generate uplink --for networkmanager" writes one.',
  };
}
