import { describe, expect, test } from 'vitest';
import { hasCommand, inNamespace, sandboxed } from './in-namespace.ts';
import { fileAt, filesOfCases } from './tunnel-files.ts';
import { unpackedPackages } from './unpacked-packages.ts';

/** What stands behind a word of a stanza. */
function option(text: string, key: string): string {
  return new RegExp(`^    ${key} (.*)$`, 'm').exec(text)![1]!;
}

function nameOf(text: string): string {
  return /^auto (.*)$/m.exec(text)![1]!;
}

function ups(text: string): string[] {
  return [...text.matchAll(/^    up (.*)$/gm)].map(([, command]) => command!);
}

const two = unpackedPackages('ifupdown2', ['ifupdown2']);

describe.skipIf(!sandboxed || two === undefined || !hasCommand('python3'))('ifupdown2 --no-act', () => {
  const cases = filesOfCases({ target: 'ifupdown', flavour: 'ifupdown2' }, { advertise: 'none' });

  // Without the device, which a dry run does not make, it ends with 1 after everything was said.
  function ifup(text: string): string[] {
    const { stdout, stderr } = inNamespace(
      `mount -t tmpfs none /etc/network && cp -r ${two}/etc/network/ifupdown2 /etc/network/ && mkdir -p /run/network /run/bin &&
ln -s ${two}/usr/share/ifupdown2/ifupdown2 /run/bin/ifup && cd / && mkdir /etc/network/interfaces.d
PYTHONPYCACHEPREFIX=${two}/pycache python3 /run/bin/ifup -n -v -i $files/interfaces -a`,
      { interfaces: text },
    );
    return `${stdout}\n${stderr}`.split('\n').flatMap((line) => /DRY-RUN: (?:executing )?(.*)/.exec(line)?.[1] ?? []);
  }

  test.each(cases)('$name', ({ files }) => {
    const { text } = fileAt(files, /interfaces\.d/)!;
    const said = ifup(text);
    const name = nameOf(text);
    const tunnel = said.find((line) => line.startsWith(`/bin/ip tunnel add ${name} `));
    expect(tunnel).toContain(' mode sit ');
    expect(tunnel).toContain(` local ${option(text, 'tunnel-local')} remote ${option(text, 'tunnel-endpoint')}`);
    expect(tunnel).toContain(` ttl ${option(text, 'tunnel-ttl')}`);
    expect(said).toContain(`writing "${option(text, 'mtu')}" to file /sys/class/net/${name}/mtu`);
    expect(said).toContain(`${name}: netlink: ip addr add ${option(text, 'address')} dev ${name}`);
    for (const up of ups(text)) expect(said.join('\n')).toContain(up.replace('$IFACE', name));
  });

  test.each([
    ['a misspelt way', 'tunnel-mode', 'tunnel-mood'],
    ['a misspelt end', 'tunnel-endpoint', 'tunnel-endpont'],
    ['no name', 'iface tun6to4', 'iface'],
  ])('a bad twin does something else: %s', (_, from, to) => {
    const { text } = fileAt(cases.find(({ name }) => name === '6to4-public')!.files, /interfaces\.d/)!;
    expect(text).toContain(from);
    expect(ifup(text.replace(from, to)).join('\n')).not.toMatch(/tunnel add tun6to4 mode sit .*remote/);
  });
});

const ng = unpackedPackages('ifupdown-ng', ['ifupdown-ng']);

describe.skipIf(!sandboxed || ng === undefined)('ifupdown-ng', () => {
  const cases = filesOfCases({ target: 'ifupdown', flavour: 'ifupdown-ng' }, { advertise: 'none' });

  /*
   * Its --no-act does not say what executors would do. They have a dry run of their own, MOCK, that ifup does not hand on; so
   * each is started by a line that sets it. The "up" commands are not run: routes of the host are none of theirs.
   */
  function ifup(text: string): { code: number | null; commands: string[] } {
    const { code, stdout } = inNamespace(
      `mkdir -p /run/executors && mount -t tmpfs none /etc/network
for e in ${ng}/usr/libexec/ifupdown-ng/*; do
  printf '#!/bin/sh\\nexport MOCK=echo\\nexec %s "$@"\\n' "$e" > /run/executors/\${e##*/}; chmod 755 /run/executors/\${e##*/}
done
sed '/^    \\(up\\|down\\) /d' $files/interfaces > /run/interfaces
# One program for all names; "ifup" itself is in another package from Debian 13 on.
for program in ifupdown ifupdown-ng; do [ ! -e ${ng}/sbin/$program ] || ln -s ${ng}/sbin/$program /run/ifup; done
/run/ifup -i /run/interfaces -S /run/state -E /run/executors -a`,
      { interfaces: text },
    );
    return { code, commands: stdout.split('\n') };
  }

  test.each(cases)('$name', ({ files }) => {
    const { text } = fileAt(files, /interfaces\.d/)!;
    const { code, commands } = ifup(text);
    const name = nameOf(text);
    expect(code).toBe(0);
    const tunnel = commands.find((line) => line.includes(`tunnel add ${name} `))?.replaceAll("'", '');
    expect(tunnel).toMatch(new RegExp(`^eval ip -4 tunnel add ${name} mode sit `));
    expect(tunnel).toContain(`local ${option(text, 'tunnel-local')}`);
    expect(tunnel).toContain(`remote ${option(text, 'tunnel-remote')}`);
    expect(tunnel).toContain(`ttl ${option(text, 'tunnel-ttl')}`);
    expect(commands.filter((line) => line.includes(`mtu ${option(text, 'mtu')}`))).toHaveLength(1);
    expect(commands).toContain(`ip -6 addr add ${option(text, 'address')} dev ${name}`);
  });

  test.each([
    ['no mode', /^ +tunnel-mode .*\n/m],
    ['no other end', /^ +tunnel-remote .*\n/m],
    ['no own end', /^ +tunnel-local .*\n/m],
  ])('refuses a bad twin: %s', (_, what) => {
    const { text } = fileAt(cases.find(({ name }) => name === '6to4-public')!.files, /interfaces\.d/)!;
    expect(ifup(text).code).toBe(0);
    expect(ifup(text.replace(what, '')).code).not.toBe(0);
  });
});
