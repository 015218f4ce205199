import { expect, test } from 'vitest';
import { findRelayLines } from './find-relay-lines.ts';

test("the method 6to4 and the relay's address, with their places", () => {
  const text = `# iface tun inet6 6to4
auto tun6to4
iface  tun6to4 inet6\t6to4
    local 203.0.113.4
iface sit0 inet6 static
    gateway ::192.88.99.1
`;
  expect(findRelayLines('/i', text)).toEqual([
    { path: '/i', line: 3, text: 'iface tun6to4 inet6 6to4' },
    { path: '/i', line: 6, text: 'gateway ::192.88.99.1' },
  ]);
});

test('what only looks like it', () => {
  expect(findRelayLines('/i', 'iface 6to4 inet6 v4tunnel\niface a inet6 6to4x\ngateway ::1.192.88.99.1\n')).toEqual([]);
});
