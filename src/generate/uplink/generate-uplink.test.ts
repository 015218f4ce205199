import { describe, expect, test } from 'vitest';
import { generateUplink } from './generate-uplink.ts';

const eventsDirectory = '/run/sixgate/events';
const good = { interface: 'eth0', length: 58, dhcpcdVersion: '9.4.1' };

test('the intent may be as the command line gives it', () => {
  const fromTexts = generateUplink({ ...good, length: '58' }, { target: 'dhcpcd', eventsDirectory });
  expect(fromTexts).toEqual(generateUplink({ kind: 'uplink', ...good }, { target: 'dhcpcd', eventsDirectory }));
  expect(fromTexts).toMatchObject({ ok: true, value: { files: [{ path: '/etc/dhcpcd.conf' }, {}, {}] } });
});

test('the stanza needs no version', () => {
  const made = generateUplink({ interface: 'eth0', length: 56 }, { target: 'ifupdown', eventsDirectory });
  expect(made).toMatchObject({ ok: true, value: { files: [{ path: '/etc/network/interfaces.d/sixgate-eth0' }, {}] } });
});

describe('refused', () => {
  test.each([
    [{}, ['--interface is missing', '--length is missing', '--dhcpcd-version is missing']],
    [
      { ...good, interface: 'eth0;reboot' },
      ['--interface: "eth0;reboot" has characters that dhcpcd or ifupdown would misread'],
    ],
    [
      { ...good, interface: 'a b' },
      ['--interface: "a b" is not an interface name: Linux takes no blanks (character 2)'],
    ],
    [{ ...good, length: 65 }, ['--length: 65 is not the length of a prefix that a provider delegates (20 to 64)']],
    [{ ...good, length: 'x' }, ['--length: "x" is not a whole number from 0 to 128']],
    [{ ...good, dhcpcdVersion: 'ten' }, ['--dhcpcd-version: "ten" is not a version of dhcpcd']],
    [{ ...good, wan: 1 }, ['no such key: "wan"']],
    [{ ...good, kind: '6to4' }, ['--kind: "6to4" is none of uplink']],
  ])('%j', (intent, messages) => {
    const nameKey = (key: string) => (key === 'dhcpcdVersion' ? '--dhcpcd-version' : `--${key}`);
    const made = generateUplink(intent, { target: 'dhcpcd', eventsDirectory, nameKey });
    expect(made.ok ? [] : made.problem.map(({ message }) => message)).toEqual(messages);
  });
});
