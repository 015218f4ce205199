/**
 * Makes build/sixgate_VERSION_all.deb from a staged tree: the bundles, the manual, completions, units, the schema.
 * The same sources give the same bytes: times are those of the last change (SOURCE_DATE_EPOCH, or git's).
 *
 *   node scripts/build-deb.mjs [--out DIRECTORY]
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = dirname(import.meta.dirname);
const work = join(root, '.cache/deb');
const stage = join(work, 'root');
const out = process.argv[2] === '--out' ? process.argv[3] : join(root, 'build');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const epoch = process.env.SOURCE_DATE_EPOCH ?? lastChange();
const date = new Date(Number(epoch) * 1000);

function lastChange() {
  return execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }).trim();
}

function run(program, ...args) {
  return execFileSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, SOURCE_DATE_EPOCH: epoch },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Writes a file of the package; its path is that on the machine. */
function put(path, text, mode = 0o644) {
  const file = join(stage, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
}

function putFrom(path, source, mode) {
  put(path, readFileSync(join(root, source)), mode);
}

const compress = (text) => gzipSync(text, { level: 9 });

rmSync(work, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });

run(process.execPath, 'build.mjs');
cpSync(join(root, 'dist'), join(stage, 'usr/lib/sixgate/dist'), {
  recursive: true,
  filter: (source) => !/^\.|^sbom/.test(relative(join(root, 'dist'), source)),
});
putFrom('usr/lib/sixgate/bin/sixgate', 'bin/sixgate', 0o755);
mkdirSync(join(stage, 'usr/bin'), { recursive: true });
symlinkSync('../lib/sixgate/bin/sixgate', join(stage, 'usr/bin/sixgate'));

// The manual and the completions: from the command tree itself.
const manual = join(work, 'manual.cjs');
await build({
  entryPoints: [join(root, 'src/manual/main.ts')],
  outfile: manual,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  logLevel: 'warning',
});
run(process.execPath, manual, join(work, 'share'), version, date.toISOString().slice(0, 10));
for (const name of readdirSync(join(work, 'share'), { recursive: true })) {
  const source = join(work, 'share', name);
  if (!statSync(source).isFile()) continue;
  const path = join('usr/share', name);
  if (path.startsWith('usr/share/man/')) put(`${path}.gz`, compress(readFileSync(source)));
  else put(path, readFileSync(source));
}

for (const unit of readdirSync(join(root, 'packaging/systemd'))) {
  const source = join('packaging/systemd', unit);
  if (unit.endsWith('.sysusers')) putFrom('usr/lib/sysusers.d/sixgate.conf', source);
  else if (unit.endsWith('.tmpfiles')) putFrom('usr/lib/tmpfiles.d/sixgate.conf', source);
  else if (unit.endsWith('-generator')) putFrom(`usr/lib/systemd/system-generators/${unit}`, source, 0o755);
  else if (unit.endsWith('.conf')) putFrom(`usr/share/sixgate/${unit}`, source);
  else putFrom(`usr/lib/systemd/system/${unit}`, source);
}
putFrom('usr/share/sixgate/sixgate.schema.json', 'packaging/sixgate.schema.json');
putFrom('usr/share/sixgate/dhcpcd-hook', 'packaging/dhcpcd-hook', 0o755);

const documents = 'usr/share/doc/sixgate';
for (const name of readdirSync(join(root, 'docs'), { recursive: true })) {
  if (name.endsWith('.md')) putFrom(join(documents, name), join('docs', name));
}
putFrom(join(documents, 'sbom.cdx.json'), 'dist/sbom.cdx.json');
put(join(documents, 'changelog.gz'), compress(debianChangelog()));
put(join(documents, 'copyright'), copyright());
// The program for tc is the same on every machine that counts from the low byte: bytecode of BPF, not of a processor.
put(
  'usr/share/lintian/overrides/sixgate',
  ['rfc6296.o', 'rfc6296-large.o']
    .map((name) => `sixgate: arch-independent-package-contains-binary-or-object *usr/lib/sixgate/dist/${name}*\n`)
    .join(''),
);

const members = readdirSync(stage, { recursive: true })
  .filter((name) => statSync(join(stage, name), { throwIfNoEntry: false })?.isFile())
  .filter((name) => name !== 'usr/bin/sixgate')
  .toSorted((one, other) => (one < other ? -1 : 1));
const kilobytes = members.reduce((sum, name) => sum + Math.ceil(statSync(join(stage, name)).size / 1024), 0);
for (const script of ['postinst', 'prerm', 'postrm']) putFrom(`DEBIAN/${script}`, `packaging/debian/${script}`, 0o755);
put(
  'DEBIAN/control',
  readFileSync(join(root, 'packaging/debian/control.in'), 'utf8')
    .replace('@VERSION@', version)
    .replace('@SIZE@', String(kilobytes)),
);
/** As `md5sum` prints it. */
const listed = (name) =>
  [
    createHash('md5')
      .update(readFileSync(join(stage, name)))
      .digest('hex'),
    name,
  ].join('  ');
put('DEBIAN/md5sums', members.map((name) => `${listed(name)}\n`).join(''));
for (const name of readdirSync(stage, { recursive: true })) {
  const path = join(stage, name);
  if (statSync(path).isDirectory()) chmodSync(path, 0o755);
}
chmodSync(stage, 0o755);

mkdirSync(out, { recursive: true });
const deb = join(out, `sixgate_${version}_all.deb`);
run('dpkg-deb', '--root-owner-group', '-Zxz', '--build', stage, deb);
console.log(relative(process.cwd(), deb));

/** One stanza: what changed is told by CHANGELOG.md. */
function debianChangelog() {
  const day = date.toUTCString().replace('GMT', '+0000');
  return `sixgate (${version}) unstable; urgency=medium\n\n  * Release ${version}.\n\n -- sixgate maintainers <sixgate@users.noreply.sixgate.example>  ${day}\n`;
}

/** Ours, and those of the libraries that are part of the bundles. */
function copyright() {
  const bundled = JSON.parse(readFileSync(join(root, 'dist/.bundled.json'), 'utf8'));
  const licences = bundled.map((name) => {
    const directory = join(root, 'node_modules', name);
    const file = readdirSync(directory).find((each) => /^licen[cs]e/i.test(each));
    if (file === undefined) throw new Error(`${name} has no licence file`);
    return `Part of the bundles: ${name}\n\n${readFileSync(join(directory, file), 'utf8').trim()}\n`;
  });
  return [`sixgate\n\n${readFileSync(join(root, 'LICENSE'), 'utf8').trim()}\n`, ...licences].join(
    `\n${'-'.repeat(72)}\n\n`,
  );
}
