import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { namespaceName, type LabNode } from '../lab/nodes.ts';

/** The processes on a node of the lab whose program has one of these names. */
export function processesOf(lab: string, node: LabNode, names: readonly string[]): number[] {
  const wanted = `net:[${statSync(`/run/netns/${namespaceName(lab, node)}`).ino}]`;
  return readdirSync('/proc').flatMap((name) => {
    if (!/^[0-9]+$/.test(name)) return [];
    try {
      if (!names.includes(readFileSync(`/proc/${name}/comm`, 'utf8').trimEnd())) return [];
      return readlinkSync(`/proc/${name}/ns/net`) === wanted ? [Number(name)] : [];
    } catch {
      return []; // gone meanwhile, or a zombie
    }
  });
}
