import { describe, expect, test } from 'vitest';
import { quote } from './quote.ts';
import { parseInterfaceName } from './interface-name.ts';

describe('parseInterfaceName', () => {
  test.each(['eth0', 'enp3s0f1', 'br-lan', 'eth0.7', 'wg_home', 'a', 'fifteen-letters', '0', 'a@b'])(
    'takes %j',
    (name) => {
      expect(parseInterfaceName(name)).toEqual({ ok: true, value: name });
    },
  );

  test.each([
    ['', 'it is empty'],
    ['.', 'Linux refuses "." and ".."'],
    ['..', 'Linux refuses "." and ".."'],
    ['eth0 ', 'Linux takes no blanks (character 5)'],
    ['e\tth', 'Linux takes no blanks (character 2)'],
    ['eth0\u00a0', 'Linux takes no blanks (character 5)'],
    ['ä0', 'character 1 is not a printable ASCII character'],
    ['e\u0000', 'character 2 is not a printable ASCII character'],
    ['a/b', 'Linux takes no "/" (character 2)'],
    ['eth0:1', 'Linux takes no ":" (character 5)'],
    ['eth%d', 'Linux takes no "%" (character 4)'],
    ['ppp+', 'a firewall would misread "+" (character 4)'],
    ['eth*', 'a firewall would misread "*" (character 4)'],
    ['e"', 'a firewall would misread "\\"" (character 2)'.replace('\\', '')],
    ..."$`'(){}[]<>;&|#?~^=,"
      .split('')
      .map((character): [string, string] => [
        `a${character}b`,
        `commands and configuration files would misread "${character}" (character 2)`,
      ]),
    ['-x', 'commands and configuration files would misread "-" (character 1)'],
    ['sixteen-letters1', 'it has 16 characters, Linux takes at most 15'],
  ])('refuses %j', (name, why) => {
    const read = parseInterfaceName(name);
    expect(read.ok ? undefined : read.problem).toMatchObject({
      code: 'interface-name',
      message: `${quote(name)} is not an interface name: ${why}`,
    });
  });
});
