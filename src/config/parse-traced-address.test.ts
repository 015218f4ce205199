import { expect, test } from 'vitest';
import { address, homeConfig, prefix } from '../testing/healthy-host.ts';
import { parseTracedAddress } from './parse-traced-address.ts';

const [home] = homeConfig.networks;
const cafe = { name: 'cafe', id: 7, prefix: prefix('fd12:3456:789a:7::/64') };
const config = { ...homeConfig, networks: [{ ...home!, subnets: [...home!.subnets, cafe] }] };

test.each([
  ['fd12:3456:789a::10', 'fd12:3456:789a::10'],
  ['servers::10', 'fd12:3456:789a:1::10'],
  ['remote::a:b:c:d', 'fd12:3456:789a:2:a:b:c:d'],
  ['cafe::10', 'fd12:3456:789a:7::10'],
  ['beef::10', 'beef::10'],
  ['cafe::1:2:3:4:5', 'cafe::1:2:3:4:5'],
])('%s is %s', (text, meant) => {
  expect(parseTracedAddress(text, config)).toEqual({ ok: true, value: address(meant) });
});

test.each([
  ['server::10', 'config-reference', /no subnet "server"/, /servers/],
  ['nonsense::10', 'config-reference', /no subnet "nonsense"/, /Write one of: lan, servers, remote, cafe/],
  ['servers::xyz', 'address-syntax', /"::xyz" is not an interface identifier/, null],
  ['servers::1\u{1}', 'address-syntax', /: "::1\\u\{1\}" is not an interface identifier$/, null],
  ['servers:10', 'address-syntax', /servers:10/, null],
  ['', 'address-syntax', /./, null],
])('%j is refused: %s', (text, code, message, mend) => {
  const read = parseTracedAddress(text, config);
  expect(read).toMatchObject({ ok: false, problem: { code, message: expect.stringMatching(message) as unknown } });
  if (mend) expect(!read.ok && read.problem.mend).toMatch(mend);
});
