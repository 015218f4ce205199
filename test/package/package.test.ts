import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../lab/repository.ts';
import { buildPackage, type BuiltPackage } from './built-package.ts';

let built: BuiltPackage;
beforeAll(() => {
  built = buildPackage();
});
afterAll(() => built?.remove());

function run(program: string, ...args: string[]): { code: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '78' },
  });
  return { code: status, text: `${stdout}${stderr}` };
}

test('the same sources make the same bytes', () => {
  const again = buildPackage();
  try {
    const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
    expect(digest(again.file)).toBe(digest(built.file));
  } finally {
    again.remove();
  }
});

test('what is in the bundles is told, with versions and digests of what was installed', () => {
  const sbom = JSON.parse(readFileSync(join(built.tree, 'usr/share/doc/sixgate/sbom.cdx.json'), 'utf8')) as {
    components: { name: string; group?: string; version: string; hashes: { content: string }[] }[];
  };
  const names = sbom.components.map(({ group, name }) => (group ? `${group}/${name}` : name));
  expect(names).toEqual(expect.arrayContaining(['commander', 'preact', 'yaml']));
  const bundles = readdirSync(join(built.tree, 'usr/lib/sixgate/dist'));
  expect(bundles).not.toContain('sbom.cdx.json');
  for (const [index, { version, hashes }] of sbom.components.entries()) {
    const installed = readFileSync(join(repositoryRoot, 'node_modules', names[index]!, 'package.json'), 'utf8');
    expect(version).toBe((JSON.parse(installed) as { version: string }).version);
    expect(hashes[0]!.content).toMatch(/^[0-9a-f]{128}$/);
  }
});

test('lintian finds nothing', () => {
  const { code, text } = run('lintian', '--fail-on', 'error,warning', built.file);
  expect(text.replace(/^running with root.*\n/, '')).toBe('');
  expect(code).toBe(0);
});

test('shellcheck finds nothing in what runs as root: maintainer scripts, the generator, the hook for dhcpcd', () => {
  const scripts = ['postinst', 'prerm', 'postrm'].map((name) => `packaging/debian/${name}`);
  const installed = ['usr/lib/systemd/system-generators/sixgate-generator', 'usr/share/sixgate/dhcpcd-hook'];
  const files = [...scripts, ...installed.map((name) => join(built.tree, name))];
  expect(run('shellcheck', '-s', 'sh', ...files)).toEqual({ code: 0, text: '' });
});

test('it depends on what it cannot do without, and brings no file that dpkg would ask about at an upgrade', () => {
  const field = (name: string): string[] =>
    run('dpkg-deb', '-f', built.file, name)
      .text.trim()
      .split(/, | \| /)
      .map((each) => each.replace(/ \(.*/, ''));
  expect(field('Depends')).toEqual(expect.arrayContaining(['nodejs', 'nftables', 'conntrack', 'iproute2']));
  expect(field('Recommends')).toContain('dhcpcd-base');
  expect(run('dpkg-deb', '-I', built.file, 'conffiles').code).not.toBe(0);
  expect(readdirSync(built.tree)).toEqual(['usr']);
});

test('the rights for mode rfc6296 are given where a configuration has it, and nowhere else', () => {
  const generator = join(built.tree, 'usr/lib/systemd/system-generators/sixgate-generator');
  const generated = (config: string, last = ''): string =>
    run(
      'unshare',
      '--mount',
      'sh',
      '-ec',
      `mount -t tmpfs none /mnt; mkdir -p /mnt/etc/sixgate /mnt/out; printf '%s' "$2" >/mnt/etc/sixgate/config.yaml
      [ -d /etc/sixgate ] || { mkdir /mnt/upper /mnt/work; mount -t overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work none /etc; mkdir -p /etc/sixgate; }
      mkdir -p /mnt/lib/sixgate; printf '%s' "$3" >/mnt/lib/sixgate/last-config.json; mount --bind /mnt/lib /var/lib
      mount --bind /mnt/etc/sixgate /etc/sixgate; "$1" /mnt/out /mnt/out /mnt/out; cd /mnt/out; find . -type l -printf '%p %l'`,
      'sh',
      generator,
      config,
      last,
    ).text;
  const dropIn = './sixgate.service.d/50-rfc6296.conf /usr/share/sixgate/rfc6296.conf';
  expect(generated('translate:\n  - { network: a, uplink: b, mode: rfc6296 }\n')).toBe(dropIn);
  expect(generated('translate:\n  - network: a\n    mode: "rfc6296"\n')).toBe(dropIn);
  expect(generated('translate:\n  # mode: rfc6296\n  - { network: a, uplink: b }\n')).toBe('');
  // What stands in for a wrong configuration.
  const kept = (line: string): string => JSON.stringify({ sources: [{ lines: ['translate:', line] }] }, undefined, 2);
  expect(generated('translate: [', kept('  - { network: a, uplink: b, mode: rfc6296 }'))).toBe(dropIn);
  expect(generated('translate: [', kept('  # mode: rfc6296'))).toBe('');
});

test('its sixgate runs from the tree alone and tells the version of the package', () => {
  const version = run('dpkg-deb', '-f', built.file, 'Version').text;
  expect(run(join(built.tree, 'usr/lib/sixgate/bin/sixgate'), '--version').text).toBe(version);
  expect(run(join(built.tree, 'usr/lib/sixgate/bin/sixgate'), 'address', '2001:DB8::1').text).toMatch(/^2001:db8::1 /);
});

test('the units are known to systemd and score at most 2.0', () => {
  const directory = join(built.tree, 'usr/lib/systemd/system');
  for (const unit of readdirSync(directory).filter((name) => name.endsWith('.service'))) {
    const { code, text } = run(
      'systemd-analyze',
      'security',
      '--offline=true',
      '--threshold=20',
      join(directory, unit),
    );
    expect(text).toMatch(/Overall exposure level for sixgate.*: [012]\.\d/);
    expect({ unit, code }).toEqual({ unit, code: 0 });
    expect(text).not.toMatch(/Unknown|Failed|ignoring/);
  }
});

describe('the manual', () => {
  const pages = (): string[] =>
    readdirSync(join(built.tree, 'usr/share/man'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.gz'))
      .map((name) => join(built.tree, 'usr/share/man', name));

  test('every page formats without a warning', () => {
    expect(pages().length).toBeGreaterThan(10);
    for (const page of pages()) {
      const { code, text } = run('sh', '-c', 'man --warnings -E UTF-8 -l "$0" 2>&1 >/dev/null', page);
      expect({ page, code, text }).toEqual({ page, code: 0, text: '' });
    }
  });

  test('each command that --help tells has a page, and the page its options', () => {
    const help = run(join(built.tree, 'usr/lib/sixgate/bin/sixgate'), '--help').text;
    const commands = [...help.matchAll(/^ {2}([a-z]+)(?: \[options\]| <| \[|\s{2,})/gm)].map(([, name]) => name!);
    expect(commands).toContain('generate');
    for (const command of commands.filter((name) => name !== 'help')) {
      expect(pages()).toContain(join(built.tree, `usr/share/man/man8/sixgate-${command}.8.gz`));
    }
    const page = run('man', '-l', join(built.tree, 'usr/share/man/man8/sixgate-generate-6to4.8.gz')).text;
    expect(page).toMatch(/--for target/);
    expect(page).toMatch(/ifupdown,\s+netplan/);
  });

  test('sixgate.yaml(5) names every key of the schema', () => {
    const page = run('man', '-l', join(built.tree, 'usr/share/man/man5/sixgate.yaml.5.gz')).text;
    for (const key of ['uplinks.NAME.interface', 'networks.NAME.subnets.NAME.id', 'translate[].inbound']) {
      expect(page).toContain(key);
    }
  });
});

describe('completions', () => {
  test('bash offers commands, kinds, options and the values of options', () => {
    const file = join(built.tree, 'usr/share/bash-completion/completions/sixgate');
    const complete = (line: string): string[] => {
      const words = line.split(' ');
      const script = `source "$0"; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _sixgate; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return run('bash', '-c', script, file).text.trim().split('\n');
    };
    expect(complete('sixgate st')).toEqual(['status']);
    expect(complete('sixgate generate 6t')).toEqual(['6to4']);
    expect(complete('sixgate generate 6to4 --for net')).toEqual(['netplan', 'networkd', 'networkmanager']);
    expect(complete('sixgate generate uplink --sta')).toContain('--state-dir');
    expect(complete('sixgate plan --runtime-dir /us')).toEqual(['/usr']);
    expect(complete('sixgate run --in')).toEqual(['']);
  });

  test('fish offers the same', () => {
    const file = join(built.tree, 'usr/share/fish/vendor_completions.d/sixgate.fish');
    const complete = (line: string): string[] =>
      run('fish', '--no-config', '-c', `source ${file}; complete -C '${line}'`)
        .text.trim()
        .split('\n')
        .map((each) => each.split('\t')[0]!);
    expect(complete('sixgate st')).toEqual(['status']);
    expect(complete('sixgate generate 6t')).toEqual(['6to4']);
    expect(complete('sixgate generate 6to4 --for net')).toEqual(['netplan', 'networkd', 'networkmanager']);
  });

  test('zsh reads its functions and has one for each command', () => {
    const file = join(built.tree, 'usr/share/zsh/vendor-completions/_sixgate');
    expect(run('zsh', '-f', '-n', file)).toEqual({ code: 0, text: '' });
    const functions = run(
      'zsh',
      '-f',
      '-c',
      'autoload -Uz compinit && compinit -u -D; _arguments() { :; }; source $0; print -l ${(ok)functions[(I)_sixgate*]}',
      file,
    ).text;
    expect(functions).toMatch(/^_sixgate_generate_6to4$/m);
    expect(functions).toMatch(/^_sixgate_status$/m);
  });
});
