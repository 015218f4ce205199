/**
 * Makes the static site: src/web/site as it is and one classic script a page, since browsers load no module by file://.
 *
 *   node build-site.mjs [--sourcemap]      writes dist/site
 */
import { build } from 'esbuild';
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const source = join(root, 'src/web');
const site = join(root, 'dist/site');
const pages = ['generator', 'calculator', 'status'];

const options = {
  write: false,
  metafile: true,
  absWorkingDir: root,
  outdir: 'dist/site',
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: ['chrome111', 'firefox115', 'safari16.4'],
  charset: 'utf8',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: true,
  sourcemap: process.argv.includes('--sourcemap'),
  legalComments: 'none',
  logLevel: 'warning',
};
const kinds = readdirSync(join(source, 'offered')).filter((name) => /(?<!\.test)\.ts$/.test(name));
const made = await Promise.all([
  build({ ...options, entryPoints: pages.map((page) => ({ in: join(source, page, 'main.tsx'), out: page })) }),
  // What the generator loads when a kind is chosen (src/web/generator/load-kind.ts).
  build({
    ...options,
    entryPoints: kinds.map((name) => ({ in: join(source, 'offered', name), out: `kind-${basename(name, '.ts')}` })),
    globalName: 'sixgateKind',
  }),
]);
const outputFiles = made.flatMap((each) => each.outputFiles);
/** npm packages that became part of a script. */
export const bundledInSite = new Set(
  made
    .flatMap(({ metafile }) => Object.keys(metafile.inputs))
    .flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
);

// A server that runs meanwhile finds each file old or new.
mkdirSync(site, { recursive: true });
const written = new Set(readdirSync(join(source, 'site')));
for (const name of written) cpSync(join(source, 'site', name), join(site, name));
for (const { path, contents } of outputFiles) {
  const name = basename(path);
  written.add(name);
  const temporary = join(site, `.${name}.${process.pid}`);
  writeFileSync(temporary, contents);
  renameSync(temporary, join(site, name));
}
for (const name of readdirSync(site)) {
  if (!written.has(name) && !name.startsWith('.')) rmSync(join(site, name), { recursive: true });
}
