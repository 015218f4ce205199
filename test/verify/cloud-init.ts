import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackedPackages } from './unpacked-packages.ts';

// Pure Python but for pyrsistent and netifaces, which are built for the system's own.
const modules = [
  'attr',
  'configobj',
  'jinja2',
  'json-pointer',
  'jsonpatch',
  'jsonschema',
  'markupsafe',
  'pyrsistent',
  'yaml',
];
const more = ['certifi', 'chardet', 'idna', 'netifaces', 'oauthlib', 'requests', 'serial', 'six', 'urllib3'];
const tree = unpackedPackages('cloud-init', ['cloud-init', ...modules.concat(more).map((name) => `python3-${name}`)]);
const python = '/usr/bin/python3';

export const cloudInit = tree !== undefined && existsSync(python) ? tree : undefined;

/** What cloud-init writes for the tool, all files as one text; undefined where it refuses, with what it says. */
export function netConvert(
  networkConfig: string,
  kind: 'eni' | 'netplan' | 'networkd',
): { text?: string; said: string } {
  const directory = mkdtempSync(join(tmpdir(), 'sixgate-cloud-'));
  try {
    writeFileSync(join(directory, 'network-config'), networkConfig);
    const out = join(directory, 'out');
    const { status, stdout, stderr } = spawnSync(
      python,
      [
        ...'-m cloudinit.cmd.main devel net-convert -k yaml -D debian -p'.split(' '),
        join(directory, 'network-config'),
        '-d',
        out,
        '-O',
        kind,
      ],
      { encoding: 'utf8', env: { PATH: process.env['PATH'], PYTHONPATH: `${tree}/usr/lib/python3/dist-packages` } },
    );
    if (status !== 0) return { said: stdout + stderr };
    const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => !name.endsWith('.rules'));
    const texts = files.map((name) => join(out, name)).filter((path) => statSync(path).isFile());
    return { text: texts.map((path) => readFileSync(path, 'utf8')).join('\n'), said: stderr };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
