import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { fileAt, filesOfCases } from './tunnel-files.ts';
import { unpackedPackages } from './unpacked-packages.ts';

const tree = unpackedPackages('network-manager', ['network-manager', 'libnm0']);

/*
 * nmcli --offline reads a keyfile with the same library as the daemon, and writes it out as it understood it. That a connection
 * comes up is for the VM.
 */
function nmcli(keyfile: string): { code: number | null; stdout: string; stderr: string } {
  const script = `LD_LIBRARY_PATH=$(dirname "$1"/usr/lib/*/libnm.so.0) exec "$1/usr/bin/nmcli" --offline connection modify connection.zone ''`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script, 'sh', tree!], { input: keyfile, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

function entries(keyfile: string): string[] {
  let section = '';
  return keyfile.split('\n').flatMap((line) => {
    section = /^\[(.*)\]$/.exec(line)?.[1] ?? section;
    return /^[^#[]/.test(line) ? [`${section}.${line}`] : [];
  });
}

const works =
  tree !== undefined &&
  spawnSync(`${tree}/usr/bin/nmcli`, ['--version'], {
    env: { LD_LIBRARY_PATH: `${tree}/usr/lib/x86_64-linux-gnu:${tree}/usr/lib/aarch64-linux-gnu` },
  }).status === 0;

describe.skipIf(!works)('nmcli --offline', () => {
  const cases = filesOfCases({ target: 'networkmanager' }, { advertise: 'none' });

  test.each(cases)('understands everything in $name', ({ files }) => {
    const { text, mode } = fileAt(files, /nmconnection$/)!;
    expect(mode).toBe(0o600);
    const { code, stdout, stderr } = nmcli(text);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    // It spells IPv4-compatible addresses with a dotted quad.
    const understood = entries(stdout.replaceAll('::192.0.2.1', '::c000:201'));
    for (const entry of entries(text)) expect(understood).toContain(entry);
  });

  test.each([
    ['no other end', 'remote=0.0.0.0\n', ''],
    ['an address that is none', 'local=203.0.113.4', 'local=203.0.113'],
    ['no mode that exists', 'mode=3', 'mode=three'],
    ['an unknown type', 'type=ip-tunnel', 'type=ip-tunel'],
    ['an unknown method', 'method=manual', 'method=manuel'],
  ])('a bad twin is refused: %s', (_, from, to) => {
    const { text } = fileAt(cases.find(({ name }) => name === '6to4-public')!.files, /nmconnection$/)!;
    expect(text.replace(from, to)).not.toBe(text);
    expect(nmcli(text).code).toBe(0);
    expect(nmcli(text.replace(from, to)).code).not.toBe(0);
  });

  test.each([
    ['a prefix that is too long', '/16', '/129', '/129'],
    ['a misspelt kind of route', 'type=unreachable', 'type=unreachabel', 'type=unreachabel'],
    ['a misspelt key', 'ttl=64', 'tttl=64', 'ttl'],
  ])('a bad twin is not understood: %s', (_, from, to, lost) => {
    const { text } = fileAt(cases.find(({ name }) => name === '6to4-public')!.files, /nmconnection$/)!;
    const { stdout } = nmcli(text.replace(from, to));
    expect(entries(stdout).filter((entry) => entry.includes(lost))).toEqual([]);
  });
});
