import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createProgram } from '../cli/program.ts';
import { configSchema } from '../config/config-schema.ts';
import { commandTree } from './command-tree.ts';
import { manualFiles } from './manual-files.ts';
import { sampleConfig } from './sample-config.ts';

/*
 * Writes the manual and the completions below a directory that stands for /usr/share; run at build time only:
 *
 *   main DIRECTORY VERSION DATE
 */
const [directory, version, date] = process.argv.slice(2);
if (directory === undefined || version === undefined || date === undefined) {
  throw new Error('usage: main DIRECTORY VERSION DATE');
}
for (const { path, text } of manualFiles(commandTree(createProgram()), configSchema, sampleConfig, { version, date })) {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
