import type { Check } from '../finding.ts';
import { tunnelEntries } from './tunnel-entries.ts';
import { tunnelFilter } from './tunnel-filter.ts';
import { tunnelForwarding } from './tunnel-forwarding.ts';
import { tunnelInput } from './tunnel-input.ts';
import { tunnelLocal } from './tunnel-local.ts';
import { tunnelMartians } from './tunnel-martians.ts';
import { tunnelMtu } from './tunnel-mtu.ts';
import { tunnelPrefix } from './tunnel-prefix.ts';
import { tunnelPresence } from './tunnel-presence.ts';
import { tunnelRelay } from './tunnel-relay.ts';
import { tunnelTtl } from './tunnel-ttl.ts';

/** Of hosts with tunnels and of their gateways; on all others they find nothing. What others depend on comes first. */
export const tunnelChecks: readonly Check[] = [
  tunnelPresence,
  tunnelLocal,
  tunnelPrefix,
  tunnelMtu,
  tunnelTtl,
  tunnelInput,
  tunnelFilter,
  tunnelMartians,
  tunnelRelay,
  tunnelForwarding,
  tunnelEntries,
];
