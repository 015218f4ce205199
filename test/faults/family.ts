import type { Expected } from './expected.ts';
import type { Kinds, Step } from './kind.ts';
import type { World } from './world.ts';

/** What one message of the provider says: the prefixes it names, and which of them are over. */
export interface Told {
  readonly named: readonly string[];
  readonly dead?: readonly string[];
  /** In seconds. */
  readonly valid?: number;
}

/** A way to use sixgate, with what can happen to it. */
export interface Family {
  readonly name: string;
  /** The first uplink is `dsl` on eth0, the network `home` on eth1. */
  readonly config: string;
  readonly kinds: Kinds;
  /** Tools of the daemon that can be made to misbehave. */
  readonly tools: readonly string[];
  /** Programs that the daemon keeps running, as their arguments begin. */
  readonly monitors: readonly string[];
  /** Lines of shell: takes away what translates; empties it. */
  readonly spoil: string;
  /** Whoever does that while the daemon is dead opens the way: it is not done then. */
  readonly openWhileDead?: true;
  readonly empty: string;
  /** What others type, each a line of shell. */
  readonly edits: readonly string[];
  /** Milliseconds that may pass besides until all is in order, where something is asked again and again before it is believed. */
  readonly patience?: number;
  /** Flows are translated without state: each packet by the mapping of that moment. */
  readonly stateless?: true;
  /** A second uplink `lte` on eth3. */
  readonly spare?: true;
  /** What happens first, after a prefix has come. */
  readonly first?: readonly Step[];
  /** Before the daemon starts for the first time. */
  prepare?(world: World): Promise<void>;
  /** How it hears of prefixes; by default as dhcpcd's hook tells it. */
  tell?(world: World, told: Told): void;
  /** Rules of others in ip6tables, as they are to stay. */
  foreign?(world: World): Promise<string>;
  /** What the admin's firewall does after it threw everything away. */
  restore?(world: World): Promise<void>;
  /** Once the fault is over. */
  after?(world: World, expected: Expected): Promise<void>;
}
