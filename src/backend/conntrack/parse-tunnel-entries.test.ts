import { expect, test } from 'vitest';
import { parseTunnelEntries } from './parse-tunnel-entries.ts';

test('translated or not, answered or not, as conntrack 1.4.7 prints them', () => {
  const text = `unknown  41 599 src=203.0.113.4 dst=203.0.113.77 [UNREPLIED] src=203.0.113.77 dst=203.0.113.4 mark=0 use=3
unknown  41 598 src=203.0.113.4 dst=203.0.113.77 src=203.0.113.77 dst=203.0.113.5 mark=0 use=1
unknown  41 598 src=203.0.113.77 dst=198.51.100.7 src=192.168.1.10 dst=203.0.113.77 mark=0 use=1
something else src=1 dst=2 src=3 dst=4
`;
  expect(parseTunnelEntries(text)).toEqual([
    { source: 0xcb007104, destination: 0xcb00714d, translated: false },
    { source: 0xcb007104, destination: 0xcb00714d, translated: true },
    { source: 0xcb00714d, destination: 0xc6336407, translated: true },
  ]);
  expect(parseTunnelEntries('')).toEqual([]);
});
