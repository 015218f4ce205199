import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createProgram } from '../../cli/program.ts';
import { configSchema } from '../../config/config-schema.ts';
import { commandTree } from '../command-tree.ts';
import { layersBelow } from './layers-below.ts';
import { referenceFiles } from './reference-files.ts';

/* Writes docs/reference below the directory given, the root of the project. */
const root = process.argv[2] ?? '.';
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
for (const { path, text } of referenceFiles(commandTree(createProgram()), configSchema, layersBelow(root), read)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
