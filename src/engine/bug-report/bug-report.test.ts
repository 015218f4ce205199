import { describe, expect, test } from 'vitest';
import { createPseudonyms } from './pseudonyms.ts';
import { findSecrets, removeComments, removeSecrets } from './remove-secrets.ts';

describe('secrets', () => {
  test.each([
    'url: "https://me:hunter2x@dyn.example.com/nic/update?hostname={name}&myip={address}"',
    'url: https://dyn.example.com/update?password=hunter2x&myip={address}',
    'url: https://dyn.example.com/update?hunter2x9',
    'GET https://dyn.example.com/nic/hunter2xhunter2x1/update failed',
    'http://[::1]:6460/login#hunter2x',
    'password: hunter2x',
    'password: "hunter2x and more"',
    "token='hunter2x'",
    '"apiKey": "hunter2x"',
    'api_key=hunter2x&x=1',
    'Authorization: Bearer hunter2xhunter2x',
    'authorization: Basic aHVudGVyMng=hunter2x',
    'key "k" { algorithm hmac-sha256; secret "hunter2x"; };',
    'authtoken 1 "realm" forever hunter2x',
    'user: hunter2x',
    'the server said: wrong PASSWORD=hunter2x',
  ])('%s', (line) => {
    const cleared = removeSecrets(line, []);
    expect(cleared).not.toContain('hunter2x');
    expect(cleared).toContain('(removed)');
  });

  test('what is known goes from anywhere, however it is written', () => {
    const text = 'it says p@ss"w0rd and p%40ss%22w0rd and p@ss\\"w0rd';
    expect(removeSecrets(text, ['p@ss"w0rd'])).toBe('it says (removed) and (removed) and (removed)');
  });

  test('what is no secret stays', () => {
    const text = `uplinks: { dsl: { interface: eth0, prefix: { from: dhcpcd, length: 58 } } }
    passwordFile: /etc/sixgate/dyn.password
    keyFile: /etc/sixgate/dns.key
    url: "https://dyn.example.com/nic/update?hostname={name}&myip={address}"
    fd12:3456:789a::/58 <-> 2001:db8:a:aa80::/58`;
    expect(removeSecrets(text, [''])).toBe(text);
  });

  test('comments go, "#" in a text stays', () => {
    expect(removeComments('# pw hunter2x\na: "x # y" # hunter2x\nb: c#d')).toBe('\na: "x # y"\nb: c#d');
  });

  test('those in the files that hold them', () => {
    expect(findSecrets('hunter2x\n')).toEqual(['hunter2x']);
    expect(findSecrets('key "ddns" {\n\talgorithm hmac-sha256;\n\tsecret "q83vEjRWeJA=";\n};\n')).toEqual([
      'q83vEjRWeJA=',
    ]);
  });
});

describe('pseudonyms', () => {
  test('the same for the same, in prefixes and addresses, and the subnet shows', () => {
    const change = createPseudonyms();
    expect(change('2a02:810:a:aa80::/58 via 2a02:810:a:aa81::10 not 2a02:811::1')).toBe(
      '2001:db8:1:aa80::/58 via 2001:db8:1:aa81::10 not 2001:db8:2::1',
    );
    expect(change('fd12:3456:789a:1::10 in fd12:3456:789a::/48')).toBe('fd00:0:1:1::10 in fd00:0:1::/48');
    expect(change('2A02:0810:a:aa80::/58')).toBe('2001:db8:1:aa80::/58');
  });
  test('MAC addresses, also within addresses and DUIDs', () => {
    const change = createPseudonyms();
    const text = change('52:54:00:12:34:56 fe80::5054:ff:fe12:3456 00:03:00:01:52:54:00:12:34:56 52:54:00:12:34:56');
    expect(text).toBe('02:00:00:00:00:01 fe80::a:1 (DUID 1) 02:00:00:00:00:01');
  });
  test('IPv4: public ones only', () => {
    expect(createPseudonyms()('81.2.69.142 10.0.0.1 192.168.1.1 81.2.69.142 127.0.0.1')).toBe(
      '198.51.100.1 10.0.0.1 192.168.1.1 198.51.100.1 127.0.0.1',
    );
  });
  test.each([
    '2026-11-28T02:50:37.543Z',
    '02:50:37',
    'ff02::1',
    '::1',
    '::/0',
    'fc00::/7',
    '2000::/3',
    'dev eth0: up',
    'nft 1.0.6',
    'a::b::c',
  ])('%s stays', (text) => expect(createPseudonyms()(text)).toBe(text));
});
