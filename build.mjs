/**
 * Bundles src/cli/main.ts into dist/main.cjs, and every module that is imported with `import()` into a file of its own
 * beside it, so that a command loads only what it needs. CommonJS: `require` starts faster than the module loader. Then
 * build-site.mjs makes dist/site.
 *
 *   node build.mjs [--sourcemap]
 */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { makeSbom } from './scripts/sbom.mjs';

const root = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const outputs = new Map([['main', join(root, 'src/cli/main.ts')]]);

/** Sends each `import('./x.ts')` to dist/x.cjs and puts x on the list of what to build. */
const separateDynamicImports = {
  name: 'separate-dynamic-imports',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const source = resolve(resolveDir, path);
      const name = basename(source, '.ts');
      if ((outputs.get(name) ?? source) !== source) {
        return { errors: [{ text: `${source} and ${outputs.get(name)} would both become dist/${name}.cjs` }] };
      }
      outputs.set(name, source);
      return { path: `./${name}.cjs`, external: true };
    });
  },
};

/** commander loads node:child_process for a kind of command that is not used here; that takes 2 ms of every start. */
const lazyChildProcess = {
  name: 'lazy-child-process',
  setup({ onLoad }) {
    onLoad({ filter: /commander\/lib\/command\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const eager = "const childProcess = require('node:child_process');";
      if (!source.includes(eager)) return { errors: [{ text: `${path} does not load node:child_process as before` }] };
      const lazy = "const childProcess = { spawn: (...args) => require('node:child_process').spawn(...args) };";
      return { contents: source.replace(eager, () => lazy) };
    });
  },
};

/**
 * Debian 12's Node 18 lacks these, and only these, of what the bundles use. Of typed arrays a copy is made by their own `slice`:
 * that of Buffer shares the bytes.
 */
const arraysOfEs2023 =
  "'use strict';(function(){var A=Array.prototype,T=Object.getPrototypeOf(Uint8Array.prototype);if(A.toSorted)return;" +
  'function add(P,copy){Object.defineProperties(P,{toSorted:{value(c){return copy(this).sort(c)}},' +
  'toReversed:{value(){return copy(this).reverse()}},' +
  'with:{value(i,v){const b=copy(this);b[i<0?b.length+i:i]=v;return b}}})}' +
  'add(A,a=>[...a]);add(T,a=>T.slice.call(a));' +
  "Object.defineProperty(A,'toSpliced',{value(...a){const b=[...this];b.splice(...a);return b}})})();";

const files = new Map();
/** npm packages that became part of a bundle. */
const bundled = new Set();
// The list grows while it is walked.
for (const [name, source] of outputs) {
  const { outputFiles, metafile } = await build({
    write: false,
    metafile: true,
    absWorkingDir: root,
    entryPoints: [{ in: source, out: name }],
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node18',
    banner: { js: arraysOfEs2023 },
    charset: 'utf8',
    // `require` instead of `import()`: the latter would load the module loader.
    supported: { 'dynamic-import': false },
    minifySyntax: true,
    minifyWhitespace: true,
    define: { SIXGATE_VERSION: JSON.stringify(version) },
    plugins: [separateDynamicImports, lazyChildProcess],
    sourcemap: process.argv.includes('--sourcemap'),
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const { path, contents } of outputFiles) files.set(basename(path), contents);
  for (const input of Object.keys(metafile.inputs)) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (name) bundled.add(name);
  }
}

/**
 * The translator of `mode: rfc6296`, for the kernel: built where clang is. Without it everything else works; one that was built
 * before from the same source stays.
 */
function buildTranslator(name, room) {
  const source = join(root, 'src/bpf/rfc6296.c');
  const built = join(root, 'dist', name);
  const argv = [...translatorOptions, `-DROOM=${room}`, '-c', source, '-o', '-'];
  const { status, error, stdout, stderr } = spawnSync('clang', argv, { maxBuffer: 2 ** 24 });
  if (status === 0) return stdout;
  if (!error) throw new Error(`clang refused ${source}:\n${stderr.toString()}`);
  const isFresh = existsSync(built) && statSync(built).mtimeMs > statSync(source).mtimeMs;
  return isFresh ? readFileSync(built) : undefined;
}
const translatorOptions = ['-O2', '-Wall', '-Werror', '-target', 'bpf', '-mcpu=v2', '-fno-ident'];
// The second is for those who have more mappings than the first has room for.
for (const [name, room] of [
  ['rfc6296.o', 1024],
  ['rfc6296-large.o', 16_384],
]) {
  const translator = buildTranslator(name, room);
  if (translator) files.set(name, translator);
}

// Each file is replaced in one step, so that a sixgate that starts meanwhile finds an old or a new one.
const dist = join(root, 'dist');
mkdirSync(dist, { recursive: true });
for (const [name, contents] of files) {
  const temporary = join(dist, `.${name}.${process.pid}`);
  writeFileSync(temporary, contents);
  renameSync(temporary, join(dist, name));
}
const { bundledInSite } = await import('./build-site.mjs');
const contained = new Set([...bundled, ...bundledInSite]);
// For the package's copyright file.
writeFileSync(join(dist, '.bundled.json'), JSON.stringify([...contained]));
writeFileSync(join(dist, 'sbom.cdx.json'), makeSbom(root, contained));
for (const name of readdirSync(dist)) {
  if (!files.has(name) && !['site', 'sbom.cdx.json'].includes(name) && !name.startsWith('.'))
    rmSync(join(dist, name), { recursive: true });
}
