import { config } from './config.ts';
import { firewall } from './firewall.ts';
import type { Kind } from './kind.ts';
import { natGateway } from './nat-gateway.ts';
import { sixInFour } from './six-in-four.ts';
import { sixRd } from './six-rd.ts';
import { sixToFour } from './six-to-four.ts';
import { uplink } from './uplink.ts';

/** In the order in which they are offered; the first is what the page opens with. */
export const kinds: readonly Kind[] = [config, sixInFour, sixRd, sixToFour, natGateway, uplink, firewall];

export function findKind(name: string): Kind | undefined {
  return kinds.find((kind) => kind.name === name);
}
