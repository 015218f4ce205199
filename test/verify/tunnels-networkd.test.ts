import { describe, expect, test } from 'vitest';
import { sandboxed } from './in-namespace.ts';
import { complaints, networkd, runNetworkd } from './networkd.ts';
import { filesOfCases } from './tunnel-files.ts';

describe.skipIf(!sandboxed || networkd === undefined)('systemd-networkd', () => {
  const cases = filesOfCases({ target: 'networkd' });

  test.each(cases)('understands every line: $name', ({ files }) => {
    const { log } = runNetworkd(files);
    const name = /^Name=(.*)$/m.exec(files[0]!.text)![1]!;
    // The second is how 257 says it.
    const loaded = [`${name}: loaded "sit"`, `${files[0]!.path}: Successfully loaded.`];
    expect(loaded.filter((line) => log.includes(line))).toHaveLength(1);
    expect(complaints(log)).toEqual([]);
  });

  test('puts the LAN addresses where they belong, and advertises', () => {
    const { files } = filesOfCases({ target: 'networkd' }, { advertise: 'networkd' }).find(
      ({ name }) => name === '6to4-nat',
    )!;
    const { log, addresses } = runNetworkd(files, ['eth1', 'eth2']);
    expect(complaints(log)).toEqual([]);
    expect(addresses).toMatch(/eth1 +inet6 2002:c633:6407:1::1\/64/);
    expect(addresses).toMatch(/eth2 +inet6 2002:c633:6407:2::1\/64/);
  });

  test.each([
    ['an unknown key', 'TTL=64', 'Ttl6=64'],
    ['a peer that is none', 'Remote=any', 'Remote=anybody'],
    ['an address with too long a prefix', '::1/16', '::1/129'],
    ['an unknown type of route', 'Type=unreachable', 'Type=unreachabl'],
    ['an unknown section', '[Route]', '[Routes]'],
    ['a destination that is none', 'Destination=2002::/24', 'Destination=2002:/24'],
  ])('a bad twin is complained about: %s', (_, from, to) => {
    const { files } = cases.find(({ name }) => name === '6to4-public')!;
    const bad = files.map((file) => ({ ...file, text: file.text.replace(from, to) }));
    expect(bad).not.toEqual(files);
    expect(complaints(runNetworkd(bad).log).length).toBeGreaterThan(0);
  });
});
