import type { GeneratedFile } from '../../src/generate/generated-file.ts';
import { generateTunnel, type TunnelRequest } from '../../src/generate/tunnel/generate-tunnel.ts';
import { tunnelCases } from '../../src/testing/tunnel-cases.ts';

export interface CaseFiles {
  readonly name: string;
  readonly files: readonly GeneratedFile[];
}

/** The files of every case that the target can do; the same texts as in the goldens. */
export function filesOfCases(request: Omit<TunnelRequest, 'kind'>, more: object = {}): CaseFiles[] {
  return Object.entries(tunnelCases).flatMap(([name, { kind, intent }]) => {
    const made = generateTunnel({ ...intent, ...more }, { ...request, kind });
    return made.ok ? [{ name, files: made.value.files }] : [];
  });
}

export function fileAt(files: readonly GeneratedFile[], pattern: RegExp): GeneratedFile | undefined {
  return files.find(({ path }) => pattern.test(path));
}
