import { describe, expect, test } from 'vitest';
import { ifup, ifupProgram } from './ifup.ts';
import { sandboxed } from './in-namespace.ts';
import { fileAt, filesOfCases } from './tunnel-files.ts';

describe.skipIf(!sandboxed || ifupProgram === undefined)('ifup --no-act', () => {
  const cases = filesOfCases({ target: 'ifupdown' });

  test.each(cases)('$name', ({ files }) => {
    const { text } = fileAt(files, /interfaces\.d/)!;
    const { code, commands } = ifup(text);
    expect(code).toBe(0);
    const option = (key: string): string => new RegExp(`^    ${key} (.*)$`, 'm').exec(text)![1]!;
    const name = /^auto (.*)$/m.exec(text)![1]!;
    const endpoint = option('endpoint');
    expect(commands).toContain(
      `ip tunnel add ${name} mode sit remote ${endpoint} local ${option('local')} ttl ${option('ttl')}`,
    );
    expect(commands).toContain(`ip link set ${name} up mtu ${option('mtu')}`);
    expect(commands).toContain(`ip addr add ${option('address')} dev ${name}`);
    const ups = text.match(/(?<=^    up ).*$/gm) ?? [];
    for (const up of ups) expect(commands).toContain(up);
    // v4tunnel itself routes nowhere; whatever goes to an IPv4-compatible address is ours.
    expect(commands.filter((line) => /::192\.88\.99|2000::\/3/.test(line))).toEqual([]);
  });

  test('ifupdown ignores a misspelt option, so what it would do is compared', () => {
    const { text } = fileAt(cases.find(({ name }) => name === '6to4-public')!.files, /interfaces\.d/)!;
    const { code, commands } = ifup(text.replace('    address', '    adress'));
    expect(code).toBe(0);
    expect(commands.filter((line) => line.startsWith('ip addr add'))).toEqual([]);
  });

  test('every LAN is configured', () => {
    const { text } = fileAt(cases.find(({ name }) => name === '6to4-nat')!.files, /interfaces\.d/)!;
    const { commands } = ifup(text);
    const added = commands.filter((line) => line.startsWith('ip -6 addr add') && line.includes(' dev eth'));
    expect(added.map((line) => line.replace(/ (nodad|noprefixroute).*/, ''))).toEqual([
      expect.stringContaining('2002:c633:6407:1::1/64 dev eth1'),
      expect.stringContaining('2002:c633:6407:2::1/64 dev eth2'),
    ]);
  });

  test.each([
    ['no endpoint', /^ +endpoint .*\n/m, ''],
    ['an option without a value', /(?<=^ +ttl) 64/m, ''],
    ['a method of another family', 'inet6 v4tunnel', 'inet v4tunnel'],
    ['a method that there is none of', 'v4tunnel', 'v4tunel'],
    ['no method', ' inet6 v4tunnel', ''],
  ])('a bad twin is refused: %s', (_, from, to) => {
    const { text } = fileAt(cases.find(({ name }) => name === '6to4-public')!.files, /interfaces\.d/)!;
    expect(ifup(text).code).toBe(0);
    expect(text.replace(from, to)).not.toBe(text);
    expect(ifup(text.replace(from, to)).code).not.toBe(0);
  });
});
