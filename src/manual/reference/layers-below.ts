import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folders of src that are projects, but those that only tests use. */
export function layersBelow(root: string): readonly string[] {
  return readdirSync(join(root, 'src'))
    .filter((name) => name !== 'testing' && existsSync(join(root, 'src', name, 'tsconfig.json')))
    .toSorted();
}
