import { expect, test } from 'vitest';
import { compileDetours, deriveDetour, findDetours, parseLinks } from './detours.ts';
import { parseFilters, replaceFilter } from './filters.ts';

// As iproute2 6.1 prints them.
const links = `[{"ifindex":2,"link_index":3,"ifname":"eth0","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"link_type":"ether","addr_info":[{"family":"inet","local":"192.0.2.1","prefixlen":24},{"family":"inet6","local":"2001:db8::1","prefixlen":64,"scope":"global"}]},
{"ifindex":1739691812,"ifname":"six-eth0","flags":["BROADCAST","NOARP"],"link_type":"ether","ifalias":"sixgate:eth0","addr_info":[]},{},
{"ifindex":9,"ifname":"six-pack","flags":["UP"],"link_type":"ether","addr_info":[]},{"ifindex":8,"ifname":"ppp0","flags":["UP"],"link_type":"ppp"}]`;

test('interfaces, and the detours among them: by the alias, not by the name alone', () => {
  const read = parseLinks(links);
  if (!read.known) throw new Error(read.why);
  expect(read.value.map(({ name, header, up, addresses }) => [name, header, up, addresses.length])).toEqual([
    ['eth0', 14, true, 1],
    ['six-eth0', 14, false, 0],
    ['six-pack', 14, true, 0],
    ['ppp0', 0, true, 0],
  ]);
  expect(findDetours(read.value)).toEqual([{ ...deriveDetour('eth0'), ready: false }]);
  expect(parseLinks('{')).toMatchObject({ known: false });
});

test('names fit, and indexes are far from those that the kernel gives', () => {
  for (const name of ['eth0', 'enp0s31f6.4000', 'a'.repeat(15), 'ppp0']) {
    const { name: detour, index } = deriveDetour(name);
    expect(detour.length).toBeLessThanOrEqual(15);
    expect(index).toBeGreaterThanOrEqual(2 ** 30);
    expect(index).toBeLessThan(2 ** 31);
  }
  expect(deriveDetour('enp0s31f6.4000').name).not.toBe(deriveDetour('enp0s31f6.4001').name);
});

test('a detour that is there is only put up', () => {
  const step = { do: 'make-detour', detour: deriveDetour('eth0'), because: '' } as const;
  const anew = compileDetours([{ ...step, isThere: false }]);
  expect(anew[0]).toMatch(/^link add six-eth0 index 1739691812 .* type ifb$/);
  expect(compileDetours([{ ...step, isThere: true }])).toEqual(anew.slice(1));
});

test('our filter among others; a program of somebody else in its place is not ours', () => {
  const text = (name: string) =>
    `[{"protocol":"ipv6","pref":1,"kind":"bpf","chain":0},{"protocol":"ipv6","pref":1,"kind":"bpf","chain":0,"options":{"handle":"0x6296","bpf_name":"${name}","direct-action":true}},{"protocol":"all","pref":10,"kind":"matchall","options":{"handle":"0x1"}}]`;
  const ours = { device: 'eth0', hook: 'ingress', name: 'sixgate-cafe0000.o:[tc/inbound]' } as const;
  expect(parseFilters(text(ours.name), 'eth0', 'ingress')).toEqual({ known: true, value: [ours] });
  expect(parseFilters(text('other.o:[x]'), 'eth0', 'ingress')).toEqual({ known: true, value: [] });
  expect(parseFilters('[]', 'eth0', 'ingress')).toEqual({ known: true, value: [] });
  expect(parseFilters('{', 'eth0', 'ingress')).toMatchObject({ known: false });
  expect(replaceFilter(ours, '/run/sixgate')).toBe(
    'filter replace dev eth0 ingress pref 1 handle 0x6296 protocol ipv6 bpf direct-action object-file /run/sixgate/sixgate-cafe0000.o section tc/inbound',
  );
});
