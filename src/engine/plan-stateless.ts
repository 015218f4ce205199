import type { AttachedProgram, StatelessState, WantedStateless } from './stateless.ts';
import type { Step } from './step.ts';

const nothing = { detours: [], programs: [] } as const;

/**
 * What stateless translation needs before tables and routes change, and what is taken away after that: the guard lets nothing
 * through to a translator that is not there.
 *
 * | observed                             | wanted      | step                                        |
 * | ------------------------------------ | ----------- | ------------------------------------------- |
 * | no such detour                       | a detour    | make-detour, then all programs on it        |
 * | one with another index or uplink     | a detour    | remove-detour, then the same                |
 * | one that others have renamed         | a detour    | the same: the index of the old one is ours  |
 * | one that is down                     | a detour    | make-detour (which puts it up)              |
 * | no program, or one of another name   | a program   | load-program, in the place of that one      |
 * | a program                            | none there  | remove-program (with a detour it goes alone) |
 */
export function planStateless(
  present: StatelessState = nothing,
  wanted: Pick<WantedStateless, 'detours' | 'programs'> = nothing,
): { readonly before: Step[]; readonly after: Step[] } {
  const before: Step[] = [];
  const after: Step[] = [];
  const gone = new Set<string>();
  for (const detour of wanted.detours) {
    const same = present.detours.find(({ name }) => name === detour.name);
    const fits = same?.index === detour.index && same.uplink === detour.uplink;
    if (same && fits && same.ready) continue;
    for (const { name, index } of present.detours) {
      if (gone.has(name) || (name === detour.name ? fits : index !== detour.index)) continue;
      gone.add(name);
      before.push({ do: 'remove-detour', name, because: `${name} is not as it should be` });
    }
    const because = `packets to ${detour.uplink} are translated on the way through ${detour.name}`;
    before.push({ do: 'make-detour', detour, isThere: same !== undefined && fits, because });
  }
  for (const program of wanted.programs) {
    const { device, hook } = program;
    const there = gone.has(device) ? undefined : present.programs.find((other) => samePlace(other, program));
    if (there?.name === program.name) continue;
    const because = there
      ? `the ${hook} translator of ${device} does not know what it should`
      : `${device} has no ${hook} translator`;
    before.push({ do: 'load-program', program, replaces: there !== undefined, because });
  }
  for (const program of present.programs) {
    if (wanted.programs.some((other) => samePlace(other, program))) continue;
    if (present.detours.some(({ name }) => name === program.device)) continue;
    after.push({ do: 'remove-program', program, because: `${program.device} needs no translator any longer` });
  }
  for (const { name } of present.detours) {
    if (gone.has(name) || wanted.detours.some((other) => other.name === name)) continue;
    after.push({ do: 'remove-detour', name, because: `${name} is no longer wanted` });
  }
  return { before, after };
}

function samePlace(one: AttachedProgram, other: AttachedProgram): boolean {
  return one.device === other.device && one.hook === other.hook;
}
