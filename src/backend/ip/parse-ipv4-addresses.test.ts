import { expect, test } from 'vitest';
import { parseIpv4 } from '../../core/ipv4.ts';
import { parseIpv4Addresses } from './parse-ipv4-addresses.ts';

test('the global addresses, in order', () => {
  const text =
    '[{"ifname":"ppp0","addr_info":[{"family":"inet","local":"169.254.1.1","scope":"link"},' +
    '{"family":"inet","local":"203.0.113.4","prefixlen":32,"scope":"global"},{"local":"203.0.113.5","scope":"global"}]}]';
  const addresses = ['203.0.113.4', '203.0.113.5'].map((each) => parseIpv4(each)).map((read) => read.ok && read.value);
  expect(parseIpv4Addresses(text)).toEqual({ known: true, value: addresses });
});

test('none, and what is not understood', () => {
  expect(parseIpv4Addresses('[{"ifname":"ppp0"}]')).toEqual({ known: true, value: [] });
  for (const text of ['', '{}', '[{"addr_info":[{"local":"x","scope":"global"}]}]']) {
    expect(parseIpv4Addresses(text)).toMatchObject({ known: false });
  }
});
