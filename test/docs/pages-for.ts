import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from './page.ts';
import { parsePage } from './parse-page.ts';

/** Where the pages are that are played. */
export const playedFolders = ['guides', 'concepts', 'coming-from'] as const;

/** Inside a test machine the pages lie beside the built project. */
const root = existsSync('/sixgate/docs') ? '/sixgate/docs' : join(import.meta.dirname, '../../docs');

export function readPages(): readonly Page[] {
  const readme = join(root, '../README.md');
  return [
    ...(existsSync(readme) ? [parsePage('README.md', readFileSync(readme, 'utf8'))] : []),
    ...playedFolders
      .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
      .filter((name) => name.endsWith('.md'))
      .map((name) => parsePage(`docs/${name}`, readFileSync(join(root, name), 'utf8'))),
  ];
}

/** Those for this stage. */
export function pagesFor(stage: string): readonly Page[] {
  return readPages().filter((page) => page.stage?.name === stage);
}
