import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';

/**
 * Reads a file that another program left for us, one character a byte; undefined where it is gone. Refused: what is not
 * a regular file with one name (a symbolic link, a device, a FIFO that would hang), what belongs to neither root nor
 * this process, what is larger than `limit` bytes.
 */
export async function readSpoolFile(path: string, limit: number): Promise<Result<string | undefined>> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (!stat.isFile() || stat.nlink !== 1) return fail(refused(path, 'it is not a regular file'));
      if (stat.uid !== 0 && stat.uid !== process.getuid?.())
        return fail(refused(path, `it belongs to user ${stat.uid}`));
      if (stat.size > limit) return fail(refused(path, `it has ${stat.size} bytes`));
      const buffer = Buffer.alloc(stat.size);
      const { bytesRead } = await file.read(buffer, 0, stat.size, 0);
      return succeed(buffer.toString('latin1', 0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT' ? succeed(undefined) : fail(refused(path, code ?? String(error)));
  }
}

function refused(path: string, why: string): Problem {
  return { code: 'report-refused', message: `${path} is refused: ${why}` };
}
