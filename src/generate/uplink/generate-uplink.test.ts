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

test('a stateless client: an identity that is said, and a service that leaves nothing behind', () => {
  const intent = { ...good, stateless: true, mac: '02:00:5E:10:20:30', iaid: '7' };
  const made = generateUplink(intent, { target: 'dhcpcd', eventsDirectory });
  const files = made.ok ? made.value.files : [];
  expect(files[0]?.text).toMatch(/^duid 00:03:00:01:02:00:5e:10:20:30$/m);
  expect(files[0]?.text).toMatch(/^\tia_pd 7\/::\/58 sixgate-none/m);
  // Before the interface block: dhcpcd takes it only there.
  expect(files[0]!.text.indexOf('\nduid ')).toBeLessThan(files[0]!.text.indexOf('\ninterface '));
  const unit = files.find(({ path }) => path === '/etc/systemd/system/sixgate-dhcpcd.service');
  expect(unit?.text).toContain('\nTemporaryFileSystem=/var/lib/dhcpcd');
  expect(unit?.text).toContain('\nKillMode=mixed\n');
});

describe('refused', () => {
  test.each([
    [{}, ['--interface is missing', '--length is missing', '--dhcpcd-version is missing']],
    [
      { ...good, interface: 'eth0@reboot' },
      ['--interface: "eth0@reboot" has characters that dhcpcd or ifupdown would misread'],
    ],
    [
      { ...good, interface: 'a b' },
      ['--interface: "a b" is not an interface name: Linux takes no blanks (character 2)'],
    ],
    [{ ...good, length: 65 }, ['--length: 65 is not the length of a prefix that a provider delegates (20 to 64)']],
    [{ ...good, length: 'x' }, ['--length: "x" is not a whole number from 0 to 128']],
    [{ ...good, dhcpcdVersion: 'ten' }, ['--dhcpcd-version: "ten" is not a version of dhcpcd']],
    [{ ...good, wan: 1 }, ['no such key: "wan"']],
    [{ ...good, stateless: true }, ['--mac is missing']],
    [{ ...good, stateless: true, mac: '01:00:5e:00:00:01' }, [expect.stringContaining('is the address of a group')]],
    [{ ...good, mac: '02:00:5e:10:20:30' }, ['--mac: only a stateless client is known by it']],
    [{ ...good, iaid: -1 }, ['--iaid: "-1" is not a whole number from 0 to 999999999']],
    [{ ...good, stateless: 'yes' }, ['--stateless: true or false is needed here']],
    [{ ...good, kind: '6to4' }, ['--kind: "6to4" is none of uplink']],
  ])('%j', (intent, messages) => {
    const nameKey = (key: string) => (key === 'dhcpcdVersion' ? '--dhcpcd-version' : `--${key}`);
    const made = generateUplink(intent, { target: 'dhcpcd', eventsDirectory, nameKey });
    expect(made.ok ? [] : made.problem.map(({ message }) => message)).toEqual(messages);
  });
});

test('the stanza beside the client has no identity', () => {
  const made = generateUplink({ ...good, iaid: 1 }, { target: 'ifupdown', eventsDirectory });
  expect(made).toMatchObject({ ok: false, problem: [{ code: 'intent-value' }] });
});
