import { readFileSync } from 'node:fs';
import type { CaseName } from './cases.ts';
import type { Host } from '../../qemu/inside/host.ts';

const root = '/sixgate/cases';

/** What the generator's model says, as the kernel would spell it. */
export interface Expected {
  readonly name: string;
  readonly local: string;
  /** Missing: any. */
  readonly remote?: string;
  readonly ttl: number;
  readonly mtu: number;
  /** With its on-link length. */
  readonly address: string;
  readonly gateway?: string;
  readonly unreachable: readonly string[];
  readonly sixRd?: { readonly prefix: string; readonly common: string };
}

export function expectedOf(name: CaseName): Expected {
  return JSON.parse(readFileSync(`${root}/${name}.json`, 'utf8')) as Expected;
}

/** Puts the generated files where their comments say, byte for byte. */
export async function install(host: Host, name: CaseName): Promise<void> {
  await host.ok(['cp', '-a', `${root}/${name}/.`, '/']);
}

/** The files' text with one change, for twins that have to fail; throws where there is nothing to change. */
export async function installChanged(
  host: Host,
  name: CaseName,
  path: string,
  from: string,
  to: string,
): Promise<void> {
  await install(host, name);
  const text = readFileSync(`${root}/${name}${path}`, 'utf8');
  if (!text.includes(from)) throw new Error(`${name}${path} has no "${from}"`);
  await host.ok(['tee', path], { input: text.replaceAll(from, to) });
}
