/**
 * Makes the static site: src/web/site as it is, one classic script a page, since browsers load no module by file://, and the
 * pages, those of the documentation below docs/.
 *
 *   node build-site.mjs [--sourcemap]      writes dist/site
 */
import { build } from 'esbuild';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const source = join(root, 'src/web');
const site = join(root, 'dist/site');
const pages = ['generator', 'calculator', 'status', 'docs'];

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
  build({
    ...options,
    entryPoints: pages.map((page) => ({ in: join(source, page, page === 'docs' ? 'main.ts' : 'main.tsx'), out: page })),
  }),
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

/** The pages as files, by path from the root of the site. */
async function makePages() {
  const program = join(root, `.cache/docs-site.${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, 'src/manual/site/docs-site.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  const { docsSite } = await import(pathToFileURL(program).href);
  rmSync(program);
  const texts = new Map();
  const drawings = new Map();
  for (const name of readdirSync(root)) if (/^[A-Z]+\.md$/.test(name)) texts.set(name, '');
  for (const name of readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })) {
    const path = `docs/${name}`;
    if (name.endsWith('.md')) texts.set(path, '');
    if (name.endsWith('.svg')) drawings.set(path, readFileSync(join(root, path)));
  }
  for (const path of texts.keys()) texts.set(path, readFileSync(join(root, path), 'utf8'));
  const pages = docsSite(texts);
  return new Map([...pages, ...drawings]);
}

// A server that runs meanwhile finds each file old or new.
mkdirSync(site, { recursive: true });
const written = new Set();
function put(name, contents) {
  const path = join(site, name);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
  written.add(name);
}
for (const name of readdirSync(join(source, 'site'))) {
  written.add(name);
  cpSync(join(source, 'site', name), join(site, name));
}
for (const { path, contents } of outputFiles) put(basename(path), contents);
for (const [name, contents] of await makePages()) put(name, contents);
for (const name of readdirSync(site, { recursive: true, encoding: 'utf8' })) {
  const isFolder = [...written].some((each) => each.startsWith(`${name}/`));
  if (!written.has(name) && !isFolder && !basename(name).startsWith('.'))
    rmSync(join(site, name), { recursive: true, force: true });
}
