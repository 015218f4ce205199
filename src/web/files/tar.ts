/** A file to be put into an archive. */
export interface TarEntry {
  /** Absolute or relative; a leading "/" is taken off, as tar does. */
  readonly path: string;
  readonly mode: number;
  readonly text: string;
}

const block = 512;

/** A POSIX ustar archive of regular files that belong to root. `seconds` since 1970 is their time of change. */
export function formatTar(entries: readonly TarEntry[], seconds: number): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts = entries.flatMap((entry) => {
    const data = encoder.encode(entry.text);
    const padded = new Uint8Array(Math.ceil(data.length / block) * block);
    padded.set(data);
    return [formatHeader(entry, data.length, seconds), padded];
  });
  // Two empty blocks end it.
  const archive = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 2 * block));
  let at = 0;
  for (const part of parts) {
    archive.set(part, at);
    at += part.length;
  }
  return archive;
}

/** Fields as in POSIX.1-1988: name, mode, uid, gid, size, mtime, checksum, type, link, magic, owner, group, device, prefix. */
function formatHeader({ path, mode }: TarEntry, length: number, seconds: number): Uint8Array {
  const header = new Uint8Array(block);
  const put = (at: number, text: string): void => header.set(new TextEncoder().encode(text), at);
  const octal = (value: number, digits: number): string => `${Math.trunc(value).toString(8).padStart(digits, '0')}\0`;
  const [prefix, name] = splitPath(path.replace(/^\/+/, ''));
  put(0, name);
  put(100, octal(mode, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(length, 11));
  put(136, octal(seconds, 11));
  put(148, ' '.repeat(8));
  put(156, '0');
  put(257, 'ustar\0');
  put(263, '00');
  put(265, 'root');
  put(297, 'root');
  put(345, prefix);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return header;
}

/** At most 155 and 100 bytes, parted at a "/". */
function splitPath(path: string): [prefix: string, name: string] {
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  if (bytes(path) <= 100) return ['', path];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (bytes(prefix) <= 155 && bytes(name) <= 100) return [prefix, name];
  }
  throw new RangeError(`${path} is too long for an archive`);
}
