import { describe, expect, test } from 'vitest';
import type { Step } from '../../engine/step.ts';
import { compileRoutes, parseRoutes } from './routes.ts';

const steps: Step[] = [
  { do: 'add-route', prefix: 'fd12:3456:789a::/58', because: '' },
  { do: 'remove-route', prefix: '2001:db8::/58', because: '' },
  { do: 'remove-table', table: 'ip6 x', because: '' },
];

test('lines for ip -batch, or none', () => {
  expect(compileRoutes(steps, 'add-route')).toEqual([
    'route replace unreachable fd12:3456:789a::/58 metric 2147483646 proto 66',
  ]);
  expect(compileRoutes(steps, 'remove-route')).toEqual([
    'route del unreachable 2001:db8::/58 metric 2147483646 proto 66',
  ]);
  expect(compileRoutes(steps.slice(2), 'add-route')).toEqual([]);
});

test('routes into a detour, which stand before those of a DHCPv6 client and after those of an address', () => {
  const step = { do: 'add-route', prefix: '2001:db8::/58 dev six-eth0', because: '' } as const;
  expect(compileRoutes([step], 'add-route')).toEqual(['route replace 2001:db8::/58 dev six-eth0 metric 512 proto 66']);
  const text =
    '[{"dst":"2001:db8::/58","dev":"six-eth0","metric":512,"flags":[]},{"dst":"fd00::/8","dev":"eth1","flags":[]}]';
  expect(parseRoutes(text)).toEqual({ known: true, value: ['2001:db8::/58 dev six-eth0'] });
});

test('our routes, as iproute2 6.1 prints them: canonical, each once, sorted', () => {
  const text = `[{"type":"unreachable","dst":"fd12:3456:789a::/58","dev":"lo","metric":2147483646,"flags":[],"pref":"medium"},
{"type":"unreachable","dst":"2001:DB8::/58","dev":"lo","metric":2147483646},{"type":"unreachable","dst":"2001:db8::1","dev":"lo"},
{"type":"unreachable","dst":"fd12:3456:789a::/58","dev":"lo","metric":1}]`;
  expect(parseRoutes(text)).toEqual({
    known: true,
    value: ['2001:db8::/58', '2001:db8::1/128', 'fd12:3456:789a::/58'],
  });
  for (const none of ['', ' \n', '[]']) expect(parseRoutes(none)).toEqual({ known: true, value: [] });
});

test('what is no unreachable route is not ours, whatever its number', () => {
  const text = '[{"dst":"default","gateway":"fe80::1","dev":"eth0"},{"type":"prohibit","dst":"fd00::/8"}]';
  expect(parseRoutes(text)).toEqual({ known: true, value: [] });
});

describe('what is not understood is unknown, never half empty', () => {
  test.each(['{', 'null', '[{"type":"unreachable"}]', '[{"type":"unreachable","dst":"x"}]', 'fd00::/58 dev lo'])(
    '%s',
    (text) => {
      const read = parseRoutes(text);
      expect(read).toMatchObject({ known: false });
      expect(!read.known && read.why).toMatch(/output of ip/);
    },
  );
});
