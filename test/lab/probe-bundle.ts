import { bundleProgram } from './bundle.ts';

/** Path of the probe program. */
export function probeProgram(labDirectory: string): string {
  return bundleProgram(labDirectory, 'probe', 'test/lab/probe/main.ts');
}
