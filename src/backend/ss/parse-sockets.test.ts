import { expect, test } from 'vitest';
import { parseSockets } from './parse-sockets.ts';

test('who has which socket, as ss of iproute2 6.1 prints it', () => {
  const text = `UNCONN 0      0                    *:546   *:*    users:(("dhcpcd",pid=21332,fd=6))
UNCONN 0      0      [fe80::1]%ppp0.7:546 [::]:*    users:(("systemd-network",pid=300,fd=20),("x y",pid=301,fd=1))
UNCONN 0      0                    *:546   *:*
`;
  expect(parseSockets(text)).toEqual([
    { processes: [{ name: 'dhcpcd', pid: 21332 }] },
    {
      interface: 'ppp0.7',
      processes: [
        { name: 'systemd-network', pid: 300 },
        { name: 'x y', pid: 301 },
      ],
    },
    { processes: [] },
  ]);
  expect(parseSockets('')).toEqual([]);
});
