import { expect, test } from 'vitest';
import { formatIpv6 } from '../../core/ipv6.ts';
import { parseOldConfig } from './parse-old-config.ts';

const told = (text: string) => {
  const { guests, refused, remarks } = parseOldConfig(text);
  const lines = (list: typeof refused): string[] => list.map(({ line, message }) => `${line}: ${message}`);
  return {
    guests: guests.map(({ name, gateway, length }) => `${name} ${formatIpv6(gateway)}/${length}`),
    refused: lines(refused),
    remarks: lines(remarks),
  };
};

test('lines of the old form', () => {
  expect(
    told('# old\n\nipv6_gateway_addr[web1]=2001:db8:0:1::1/64\nipv6_gateway_addr[my host]=2001:DB8:0:2::1/80\n'),
  ).toEqual({
    guests: ['web1 2001:db8:0:1::1/64', 'my host 2001:db8:0:2::1/80'],
    refused: [],
    remarks: [],
  });
});

test('where the old script did something else', () => {
  const text = `ipv6_gateway_addr[mydomu1]=2001:db8:0:1::1/64
ipv6_gateway_addr[MYDOMU1]=2001:db8:0:2::1/64
ipv6_gateway_addr[my.omu1]=2001:db8:0:3::1/64
# ipv6_gateway_addr[gone]=2001:db8:0:4::1/64
 ipv6_gateway_addr[blank]=2001:db8:0:5::1/64 \r
`;
  expect(told(text)).toEqual({
    guests: [
      'mydomu1 2001:db8:0:1::1/64',
      'MYDOMU1 2001:db8:0:2::1/64',
      'my.omu1 2001:db8:0:3::1/64',
      'blank 2001:db8:0:5::1/64',
    ],
    refused: [],
    remarks: [
      '4: the old script took this remark for a line in force; it is left out',
      '5: there are blanks around this line, which are left out',
      '2: the old script took "MYDOMU1" and "mydomu1" (line 1) for the same; now each has its own',
      '3: the old script took "my.omu1" and "mydomu1" (line 1) for the same; now each has its own',
      '3: the old script took "my.omu1" and "MYDOMU1" (line 2) for the same; now each has its own',
    ],
  });
});

test('what cannot be taken over', () => {
  const text = `ipv6_gateway_addr[a]=2001:db8::1/64
ipv6_gateway_addr[a]=2001:db8:0:1::1/64
ipv6_gateway_addr[ b ]=2001:db8:0:2::1/64
ipv6_gateway_addr[c] = 2001:db8:0:3::1/64
ipv6_gateway_addr[d]=2001:db8:0:4::1
ipv6_gateway_addr[e]=2001:db8:0:5::1/128
ipv6_gateway_addr[f]=2001:db8::2/60
gateway=2001:db8::1
`;
  expect(told(text).refused).toEqual([
    '3: the name " b " has blanks at its ends, and no guest has',
    '4: "ipv6_gateway_addr[c] = 2001:db8:0:3::1/64" is not ipv6_gateway_addr[NAME]=ADDRESS/LENGTH: the old script did not find any guest by it',
    '5: "2001:db8:0:4::1" has no prefix length',
    '6: "2001:db8:0:5::1/128" is one address, which leaves none for the guest',
    '8: "gateway=2001:db8::1" is not ipv6_gateway_addr[NAME]=ADDRESS/LENGTH: it means nothing here',
    '2: "a" stands in line 1 already; the old script took the last',
    '7: 2001:db8::/60 overlaps 2001:db8::/64 of "a" in line 1',
    '7: 2001:db8::/60 overlaps 2001:db8:0:1::/64 of "a" in line 2',
  ]);
});
