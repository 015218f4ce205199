import type { Read } from '../../engine/kernel-state.ts';
import type { AttachedProgram } from '../../engine/stateless.ts';
import { reasonOf } from '../../core/printable.ts';

/** Ours among all filters of a device; early, so that nobody else sees packets before they are translated inbound. */
const handle = '0x6296';
const place = `pref 1 handle ${handle} protocol ipv6`;

/** Lists the filters of one hook, as JSON. */
export function listFilters(device: string, hook: AttachedProgram['hook']): [string, ...string[]] {
  return ['tc', '-j', 'filter', 'show', 'dev', device, hook];
}

/** Reads the output of `listFilters`: our program there, if any. */
export function parseFilters(
  text: string,
  device: string,
  hook: AttachedProgram['hook'],
): Read<readonly AttachedProgram[]> {
  try {
    const filters = (text.trim() === '' ? [] : JSON.parse(text)) as {
      options?: { handle?: string; bpf_name?: string };
    }[];
    const ours = filters.filter(
      ({ options }) => options?.handle === handle && options.bpf_name?.startsWith('sixgate-'),
    );
    return { known: true, value: ours.map(({ options }) => ({ device, hook, name: options!.bpf_name! })) };
  } catch (error) {
    const why = reasonOf(error);
    return { known: false, why: `the output of tc was not understood: ${why}` };
  }
}

/** Makes the hooks of a device; harmless where they are there. */
export function addHooks(device: string): string {
  return `qdisc replace dev ${device} clsact`;
}

/** The name of the file that a program is loaded from, and the section of its code. */
export function splitName(name: string): { readonly file: string; readonly section: string } {
  const [, file = '', section = ''] = /^(.*):\[(.*)\]$/.exec(name) ?? [];
  return { file, section };
}

/** Puts a program in the place of the one before; no packet finds none. */
export function replaceFilter({ device, hook, name }: AttachedProgram, directory: string): string {
  const { file, section } = splitName(name);
  return `filter replace dev ${device} ${hook} ${place} bpf direct-action object-file ${directory}/${file} section ${section}`;
}

export function deleteFilter({ device, hook }: AttachedProgram): string {
  return `filter del dev ${device} ${hook} ${place} bpf`;
}
