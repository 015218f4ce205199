import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sandboxed } from './in-namespace.ts';
import { netplan, netplanGenerator } from './netplan.ts';
import { fileAt, filesOfCases } from './tunnel-files.ts';

describe.skipIf(!sandboxed || netplanGenerator === undefined)('netplan generate --root-dir', () => {
  const cases = filesOfCases({ target: 'netplan' });

  test.each(cases)('makes of $name what is meant', ({ files }) => {
    const { path, text } = fileAt(files, /netplan/)!;
    const { code, stdout, stderr } = netplan(text);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const name = basename(path).slice(3, -5);
    const option = (key: string): string => new RegExp(`^ +${key}: "?([^"\n]*)"?$`, 'm').exec(text)![1]!;
    expect(stdout).toContain(`== 10-netplan-${name}.netdev`);
    expect(stdout).toContain('Kind=sit');
    expect(stdout).toContain(`MTUBytes=${option('mtu')}`);
    expect(stdout).toContain(`Local=${option('local')}`);
    expect(stdout).toMatch(option('remote') === '0.0.0.0' ? /Remote=(any|0\.0\.0\.0)/ : `Remote=${option('remote')}`);
    expect(stdout).toContain(`TTL=${option('ttl')}`);
    for (const [, prefix] of text.matchAll(/to: "(.*)"\n +type: unreachable/g)) {
      expect(stdout).toMatch(new RegExp(`Destination=${prefix}\nType=unreachable`));
    }
    for (const [, via] of text.matchAll(/via: "(.*)"/g)) expect(stdout).toContain(`Gateway=${via}`);
    for (const [, address] of text.matchAll(/^ +- "(.*)"$/gm)) expect(stdout).toContain(`Address=${address}`);
  });

  test.each([
    ['"any" for the peer', '"0.0.0.0"', 'any'],
    ['no peer', '      remote: "0.0.0.0"\n', ''],
    ['an unknown key', 'mtu: 1280', 'mtuu: 1280'],
    ['an unknown mode', 'mode: sit', 'mode: sitt'],
    ['a destination that is none', '"2002::/24"', '"2002:/24"'],
  ])('a bad twin is refused: %s', (_, from, to) => {
    const { text } = fileAt(cases.find(({ name }) => name === '6to4-public')!.files, /netplan/)!;
    expect(text.replace(from, to)).not.toBe(text);
    expect(netplan(text.replace(from, to)).code).toBe(3);
  });
});
