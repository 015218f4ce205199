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

/** Read once; what failed, anew each time. Problems: `program-missing`, `program-unusable`. */
export async function readProgramObject(files: Files): Promise<Result<ProgramObject>> {
  const reading = read.get(files) ?? readAnew(files);
  read.set(files, reading);
  const object = await reading;
  if (!object.ok) read.delete(files);
  return object;
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
