import { fail, succeed, type Result } from '../../core/result.ts';

/** Where the bytes of a named constant are in an object file. */
export interface Symbol {
  readonly offset: number;
  readonly size: number;
}

export interface Symbols {
  readonly littleEndian: boolean;
  readonly byName: ReadonlyMap<string, Symbol>;
}

/** Section types (System V ABI, ELF64). */
const symbolTable = 2;
const noBits = 8;

/** Finds the symbols of a relocatable ELF64 object. Problem: `program-unusable`. */
export function findSymbols(bytes: Uint8Array): Result<Symbols> {
  const unusable = (why: string): Result<Symbols> =>
    fail({
      code: 'program-unusable',
      message: `the compiled translator is not usable: ${why}`,
      mend: 'Build it anew with "npm run build", or install the package again.',
    });
  if (bytes.length < 64 || bytes[0] !== 0x7f || bytes[1] !== 0x45 || bytes[4] !== 2) return unusable('it is no ELF64');
  const littleEndian = bytes[5] === 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): number => view.getUint32(at, littleEndian);
  const long = (at: number): number => Number(view.getBigUint64(at, littleEndian));
  try {
    const [start, size, count] = [long(40), view.getUint16(58, littleEndian), view.getUint16(60, littleEndian)];
    const sections = Array.from({ length: count }, (_, index) => {
      const at = start + index * size;
      return { type: word(at + 4), offset: long(at + 24), size: long(at + 32), link: word(at + 40) };
    });
    const table = sections.find(({ type }) => type === symbolTable);
    const names = table && sections[table.link];
    if (!table || !names) return unusable('it has no symbols');
    const byName = new Map<string, Symbol>();
    for (let at = table.offset; at < table.offset + table.size; at += 24) {
      const section = sections[view.getUint16(at + 6, littleEndian)];
      if (!section || section.type === noBits) continue;
      const symbol = { offset: section.offset + long(at + 8), size: long(at + 16) };
      if (symbol.offset + symbol.size > bytes.length) return unusable('it is cut off');
      byName.set(readName(bytes, names.offset + word(at)), symbol);
    }
    return succeed({ littleEndian, byName });
  } catch (error) {
    // What a DataView throws for a place behind its end.
    if (error instanceof RangeError) return unusable('it is cut off');
    throw error;
  }
}

function readName(bytes: Uint8Array, from: number): string {
  const end = bytes.indexOf(0, from);
  return String.fromCharCode(...bytes.subarray(from, end));
}
