import { describe, expect, test } from 'vitest';
import { address, homeConfig, prefix } from '../testing/healthy-host.ts';
import type { Config } from './config.ts';
import type { Mapping } from './mapping.ts';
import { traceAddress } from './trace-address.ts';

const current: Mapping = {
  uplink: 'dsl',
  network: 'home',
  inside: prefix('fd12:3456:789a::/58'),
  outside: prefix('2001:db8:a:aa80::/58'),
  direction: 'both',
};
const old: Mapping = { ...current, outside: prefix('2001:db8:b:bb80::/58'), direction: 'inbound' };
const short = (text: string, config: Config = homeConfig, mappings: readonly Mapping[] = [current, old]) =>
  traceAddress(address(text), config, mappings).map(({ direction, uplink, from, becomes }) => [
    direction,
    uplink,
    from,
    becomes,
  ]);
const [translation] = homeConfig.translations;
const change = (what: object): Config => ({ ...homeConfig, translations: [{ ...translation!, ...what }] });

test('an inside address: out by the prefix in use, in by each that is valid', () => {
  expect(short('fd12:3456:789a:1::10')).toEqual([
    ['outbound', 'dsl', 'fd12:3456:789a:1::10', '2001:db8:a:aa81::10'],
    ['inbound', 'dsl', '2001:db8:a:aa81::10', 'fd12:3456:789a:1::10'],
    ['hairpin', null, '2001:db8:a:aa81::10', 'fd12:3456:789a:1::10'],
    ['inbound', 'dsl', '2001:db8:b:bb81::10', 'fd12:3456:789a:1::10'],
    ['hairpin', null, '2001:db8:b:bb81::10', 'fd12:3456:789a:1::10'],
  ]);
});

test('an outside address, of the prefix in use and of an older one', () => {
  expect(short('2001:db8:a:aa80::ff')).toEqual([
    ['inbound', 'dsl', '2001:db8:a:aa80::ff', 'fd12:3456:789a::ff'],
    ['hairpin', null, '2001:db8:a:aa80::ff', 'fd12:3456:789a::ff'],
  ]);
  const [line] = traceAddress(address('2001:db8:b:bb80::ff'), homeConfig, [current, old]);
  expect(line?.because).toMatch(/an older prefix, still valid/);
});

test('hairpin off: no such line', () => {
  expect(short('2001:db8:a:aa80::ff', change({ hairpin: false }))).toHaveLength(1);
});

describe('what is stopped', () => {
  test('inside, with no prefix, and with one that is served inbound only', () => {
    expect(short('fd12:3456:789a::1', homeConfig, [])).toEqual([['outbound', 'dsl', 'fd12:3456:789a::1', null]]);
    expect(short('fd12:3456:789a::1', homeConfig, [old])[0]).toEqual(['outbound', 'dsl', 'fd12:3456:789a::1', null]);
  });
  test('inside, in a network that nothing translates', () => {
    const lines = traceAddress(address('fd12:3456:789a::1'), { ...homeConfig, translations: [] }, []);
    expect(lines).toEqual([
      {
        direction: 'outbound',
        uplink: null,
        from: 'fd12:3456:789a::1',
        becomes: null,
        because: expect.stringMatching(/^home is not translated/) as unknown,
      },
    ]);
  });
  test('a unique local address of no network', () => {
    expect(short('fd99::1')).toEqual([['outbound', null, 'fd99::1', null]]);
  });
});

test('an address that has nothing to do with it is not touched', () => {
  expect(short('2001:db8:c::1')).toEqual([['none', null, '2001:db8:c::1', '2001:db8:c::1']]);
});

describe('new flows from outside', () => {
  const inbound = (text: string, config: Config = homeConfig): string | undefined =>
    traceAddress(address(text), config, [current]).find(({ direction }) => direction === 'inbound')?.because;
  test('are denied but for the pinholes of that one host', () => {
    expect(inbound('fd12:3456:789a:1::10')).toContain('TCP 443, UDP 8000-8010, echo requests let in, all else denied');
    expect(inbound('fd12:3456:789a:1::11')).toMatch(/new flows: denied$/);
  });
  test('are let in where the configuration says so', () => {
    expect(inbound('fd12:3456:789a:1::11', change({ inbound: 'allow' }))).toMatch(/new flows: let in$/);
  });
});

test('where a network has a choice of uplinks it is told which flows each is for', () => {
  const because = (uplink: string | undefined) =>
    traceAddress(
      address('fd12:3456:789a:1::10'),
      homeConfig,
      [current],
      [{ network: 'home', uplink, because: 'so it is' }],
    )[0]!.because;
  expect(because('dsl')).toMatch(/on eth0; new flows leave here: so it is$/);
  expect(because('lte')).toMatch(/on eth0; only for flows that live here, new ones leave by lte: so it is$/);
  expect(because(undefined)).toMatch(/new ones leave nowhere: so it is$/);
});
