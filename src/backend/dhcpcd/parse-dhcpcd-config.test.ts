import { expect, test } from 'vitest';
import { parseDhcpcdConfig } from './parse-dhcpcd-config.ts';

test('options with their lines and the interface whose block they stand in', () => {
  const text = `# remark
; another
duid
option  rapid_commit,  mud_url
  script /x \\
 y
interface eth0
\tia_pd 1/::/58 -

ssid home
metric 1
interface eth1
noipv6
`;
  expect(parseDhcpcdConfig(text)).toEqual([
    { line: 3, name: 'duid', value: '' },
    { line: 4, name: 'option', value: 'rapid_commit,  mud_url' },
    { line: 5, name: 'script', value: '/x  y' },
    { line: 8, name: 'ia_pd', value: '1/::/58 -', interface: 'eth0' },
    { line: 13, name: 'noipv6', value: '', interface: 'eth1' },
  ]);
  expect(parseDhcpcdConfig('')).toEqual([]);
});
