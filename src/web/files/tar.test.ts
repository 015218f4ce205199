import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatTar } from './tar.ts';

const files = [
  { path: '/etc/dhcpcd.conf', mode: 0o644, text: 'interface eth0\n' },
  { path: '/etc/sixgate/hook', mode: 0o755, text: `#!/bin/sh\n# ${'ü'.repeat(600)}\n` },
  { path: '/etc/NetworkManager/system-connections/tun.nmconnection', mode: 0o600, text: '' },
  { path: `/etc/${'long/'.repeat(25)}end`, mode: 0o644, text: 'x' },
];

test('tar unpacks it: texts, modes and times', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sixgate-tar-'));
  try {
    const archive = formatTar(files, 1_700_000_000);
    const listed = execFileSync('tar', ['--utc', '-tvf', '-'], { input: archive, encoding: 'utf8' });
    expect(listed.split('\n')[0]).toBe('-rw-r--r-- root/root        15 2023-11-14 22:13 etc/dhcpcd.conf');
    execFileSync('tar', ['-xpf', '-', '-C', directory], { input: archive });
    for (const { path, mode, text } of files) {
      expect(statSync(join(directory, path)).mode & 0o777).toBe(mode);
      chmodSync(join(directory, path), 0o600);
      expect(readFileSync(join(directory, path), 'utf8')).toBe(text);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a path that fits into no header is refused', () => {
  expect(() => formatTar([{ path: 'x'.repeat(101), mode: 0o644, text: '' }], 0)).toThrow(RangeError);
});
