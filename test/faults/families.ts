import type { Family } from './family.ts';
import { chains } from './family-ip6tables.ts';
import { ownClient } from './family-dhcpv6.ts';
import { stateful } from './family-stateful.ts';
import { stateless } from './family-rfc6296.ts';
import { twin } from './family-failover.ts';
import { twoUplinks } from './family-uplinks.ts';

export const families: readonly Family[] = [stateful, chains, stateless, twoUplinks, twin, ownClient];
