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

const { outputFiles } = await build({
  write: false,
  absWorkingDir: root,
  entryPoints: pages.map((page) => ({ in: join(source, page, 'main.tsx'), out: page })),
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
});

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
for (const name of readdirSync(site)) if (!written.has(name)) rmSync(join(site, name), { recursive: true });
