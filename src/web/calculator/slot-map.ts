import { carveDelegation, type Carving } from '../../engine/carve-delegation.ts';
import type { Network } from '../../engine/config.ts';
import { covers, subnetAt, subnetCount, type Prefix } from '../../core/prefix.ts';
import { subnetIdOf } from '../../core/carve.ts';

/** A delegation as a map of at most `mostCells` cells, and who has which of them. */
export interface SlotMap {
  readonly cells: readonly Cell[];
  /** How many /64s a cell stands for. */
  readonly perCell: bigint;
  readonly subnets: readonly SlotSubnet[];
}

export interface Cell {
  /** The number of its first /64. */
  readonly first: bigint;
  /** Index into the subnets; undefined where nobody has it. */
  readonly owner: number | undefined;
  /** Whether the network reaches here at all: of a delegation that is larger than it, only one part is used. */
  readonly reached: boolean;
}

export interface SlotSubnet {
  readonly name: string;
  readonly inside: Prefix;
  readonly outside: Prefix | undefined;
  /** It has a slot, but not that of its own number. */
  readonly moved: boolean;
}

const mostCells = 256n;

/** `delegated` holds at least one /64; `subprefix` is the part of it that is used, without it the first. */
export function mapSlots(network: Network, delegated: Prefix, subprefix?: number): SlotMap {
  const carving = carveDelegation(network, delegated, { subprefix });
  const whole = carving.pairs.some(({ subnet }) => subnet === undefined);
  const subnets = network.subnets.map(({ name, prefix, id }): SlotSubnet => {
    const outside = outsideOf(carving, prefix, BigInt(id));
    const slot = outside && subnetIdOf(delegated, outside.address);
    return { name, inside: prefix, outside, moved: !whole && slot !== undefined && slot !== BigInt(id) };
  });
  const slots = subnetCount(delegated, 64);
  const perCell = slots > mostCells ? slots / mostCells : 1n;
  const cells: Cell[] = [];
  for (let first = 0n; first < slots; first += perCell) {
    const owner = subnets.findIndex(({ outside }) => {
      const slot = outside && subnetIdOf(delegated, outside.address);
      return slot !== undefined && slot >= first && slot < first + perCell;
    });
    const slot = subnetAt(delegated, first)!;
    const reached =
      delegated.length > network.prefix.length || carving.pairs.some(({ outside }) => covers(outside, slot));
    cells.push({ first, owner: owner < 0 ? undefined : owner, reached });
  }
  return { cells, perCell, subnets };
}

function outsideOf({ pairs }: Carving, inside: Prefix, id: bigint): Prefix | undefined {
  for (const pair of pairs) {
    if (pair.subnet === undefined) return subnetAt(pair.outside, id);
    if (pair.subnet.prefix.address === inside.address) return pair.outside;
  }
  return undefined;
}
