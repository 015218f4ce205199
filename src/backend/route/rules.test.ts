import { expect, test } from 'vitest';
import { compileRules, parseRules } from './rules.ts';

test('our rules among others, as iproute2 6.1 prints them', () => {
  const text = `[{"priority":0,"src":"all","table":"255"},{"priority":30000,"src":"all","fwmark":"0x1000000","fwmask":"0xf000000","table":"6601","protocol":"66"},
{"priority":30000,"src":"2001:db8::5","iif":"eth0","table":"6601"},{"priority":30001,"src":"FD00::","srclen":48,"table":"254","suppress_prefixlen":0,"protocol":"66"},
{"priority":30003,"src":"2001:db8::5","table":"6601","protocol":"66"},{"priority":32766,"src":"all","table":"254"}]`;
  expect(parseRules(text)).toEqual({
    known: true,
    value: [
      'priority 30000 fwmark 0x1000000/0xf000000 lookup 6601',
      'priority 30001 from fd00::/48 lookup 254 suppress_prefixlength 0',
      'priority 30003 from 2001:db8::5/128 lookup 6601',
    ],
  });
  expect(parseRules('')).toEqual({ known: true, value: [] });
});

test('whatever else a rule has makes it another one', () => {
  const read = parseRules('[{"priority":30003,"src":"2001:db8::5","iif":"eth0","table":"6601","protocol":"66"}]');
  expect(read).toEqual({ known: true, value: ['priority 30003 from 2001:db8::5/128 lookup 6601 iif eth0'] });
});

test.each(['{', '3', '[null]', '[{"priority":1,"src":"x","protocol":"66"}]'])('%s is unknown, never empty', (text) => {
  expect(parseRules(text)).toMatchObject({ known: false, why: expect.stringMatching('output of ip') as string });
});

test('lines for ip -batch', () => {
  const rule = 'priority 30002 from fd00::/48 lookup 6601';
  const steps = [
    { do: 'add-rule', rule, because: '' },
    { do: 'remove-rule', rule, because: '' },
  ] as const;
  expect(compileRules(steps, 'add-rule')).toEqual([`rule add ${rule} protocol 66`]);
  expect(compileRules(steps, 'remove-rule')).toEqual([`rule del ${rule} protocol 66`]);
});
