import { findSymbols } from '../backend/bpf/find-symbols.ts';
import { fingerprintBytes } from '../core/fingerprint.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { Files } from '../host/host.ts';

/** The compiled translator that programs are made from (src/bpf). */
export interface ProgramObject {
  readonly bytes: Uint8Array;
  /** The same with room for more mappings. */
  readonly large?: Uint8Array;
  readonly fingerprint: string;
}

const read = new WeakMap<Files, Promise<Result<ProgramObject>>>();

/** Read once. Problems: `program-missing`, `program-unusable`. */
export function readProgramObject(files: Files): Promise<Result<ProgramObject>> {
  const known = read.get(files);
  if (known) return known;
  const reading = readAnew(files);
  read.set(files, reading);
  return reading;
}

async function readAnew(files: Files): Promise<Result<ProgramObject>> {
  const bytes = await files.readShipped('rfc6296.o');
  if (!bytes.ok) return bytes;
  if (!bytes.value) {
    return fail({
      code: 'program-missing',
      message: 'mode rfc6296 needs a compiled translator, and this installation was built without one (dist/rfc6296.o)',
      mend: 'Install clang and run "npm run build", or take "mode: stateful".',
    });
  }
  const symbols = findSymbols(bytes.value);
  if (!symbols.ok) return symbols;
  const large = await files.readShipped('rfc6296-large.o');
  const fingerprint = fingerprintBytes(bytes.value);
  return succeed({ bytes: bytes.value, fingerprint, ...(large.ok && large.value && { large: large.value }) });
}
