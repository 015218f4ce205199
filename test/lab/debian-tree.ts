import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sixgate', 'trees');

const base = ['base-files', 'coreutils', 'dash'];
/** By their IDs. */
const users = ['root', 'messagebus', 'systemd-network'];

/**
 * The root of a Debian system that has these packages and all that they depend on, unpacked and not installed: nothing
 * of it runs on this machine but what a test starts in it with chroot. Fetched once from this machine's mirror;
 * undefined where that cannot be reached.
 */
export function debianTree(
  release: 'bookworm' | 'trixie',
  name: string,
  packages: readonly string[],
): string | undefined {
  const tree = join(cache, `${release}-${name}`);
  if (existsSync(tree)) return tree;
  const fresh = `${tree}.${process.pid}`;
  const apt = join(fresh, 'apt');
  const root = join(fresh, 'root');
  for (const directory of ['lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(apt, directory), { recursive: true });
  }
  mkdirSync(root);
  writeFileSync(
    join(apt, 'sources'),
    `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${findMirror()} ${release} main\n`,
  );
  const settings = [
    `Dir::Etc::sourcelist=${apt}/sources`,
    'Dir::Etc::sourceparts=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
    `Dir::State::lists=${apt}/lists`,
    'Dir::State::status=/dev/null',
    `Dir::Cache=${apt}/cache`,
    'APT::Sandbox::User=root',
    'Acquire::Languages=none',
  ].flatMap((setting) => ['-o', setting]);
  const run = (argv: readonly string[]): boolean =>
    spawnSync(argv[0]!, argv.slice(1), { timeout: 300_000 }).status === 0;
  const install = ['-qq', '-y', '--no-install-recommends', '--download-only', 'install', ...base, ...packages];
  const done =
    run(['apt-get', ...settings, '-qq', 'update']) &&
    run(['apt-get', ...settings, ...install]) &&
    readdirSync(`${apt}/cache/archives`)
      .filter((file) => file.endsWith('.deb'))
      .every((deb) => run(['dpkg-deb', '-x', `${apt}/cache/archives/${deb}`, root]));
  if (done) {
    // What would be made when they are installed.
    for (const directory of ['proc', 'sys', 'dev', 'run', 'tmp', 'root', 'etc', 'bin']) {
      mkdirSync(join(root, directory), { recursive: true });
    }
    if (!existsSync(join(root, 'bin/sh'))) symlinkSync('dash', join(root, 'bin/sh'));
    writeFileSync(join(root, 'etc/passwd'), users.map((name, id) => `${name}:x:${id}:${id}::/:/bin/sh\n`).join(''));
    writeFileSync(join(root, 'etc/group'), users.map((name, id) => `${name}:x:${id}:\n`).join(''));
    writeFileSync(join(root, 'etc/machine-id'), '0123456789abcdef0123456789abcdef\n');
    if (!existsSync(tree)) renameSync(root, tree);
  }
  rmSync(fresh, { recursive: true, force: true });
  return done ? tree : undefined;
}

function findMirror(): string {
  const { stdout } = spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI)'], { encoding: 'utf8' });
  const uris = stdout?.split('\n') ?? [];
  return uris.find((uri) => /^https?:.*\/debian\/?$/.test(uri)) ?? 'http://deb.debian.org/debian';
}
