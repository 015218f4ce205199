import type { Draft, DraftEntry } from './write-yaml.ts';

/** Values for writeYaml. */
export const text = (value: string): Draft => ({ kind: 'scalar', value });
export const number = (value: number | bigint): Draft => ({ kind: 'scalar', value: BigInt(value) });
export const map = (entries: Readonly<Record<string, Draft>>, flow = false): Draft => ({
  kind: 'map',
  entries: Object.entries(entries).map(([key, value]): DraftEntry => ({ key, value })),
  flow,
});
