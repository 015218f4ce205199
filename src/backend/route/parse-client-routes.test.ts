import { expect, test } from 'vitest';
import { formatPrefix, parsePrefix } from '../../core/prefix.ts';
import { parseClientRoutes, type ClientRoutes } from './parse-client-routes.ts';

// As iproute2 6.1 prints it.
const route = (dst: string, protocol = '16') => ({
  type: '7',
  dst,
  dev: 'lo',
  protocol,
  metric: 1001,
  flags: [],
  pref: 'medium',
});

function prefixes(routes: readonly object[], options: Partial<ClientRoutes> = {}): string[] {
  const read = parseClientRoutes(JSON.stringify(routes), { interface: 'eth0', protocol: 16, ...options });
  if (!read.known) throw new Error(read.why);
  return read.value.prefixes.map(({ prefix, validLifetime }) => `${formatPrefix(prefix)} ${validLifetime}`);
}

test('the routes of that protocol, for ever', () => {
  const routes = [route('2001:db8:a::/56'), route('2001:db8:b::/56', '66'), route('2001:db8:c::/56', '4')];
  expect(prefixes(routes)).toEqual(['2001:db8:a::/56 4294967295']);
  expect(prefixes(routes, { protocol: 4 })).toEqual(['2001:db8:c::/56 4294967295']);
});

test('only what is within', () => {
  const within = parsePrefix('2001:db8:b::/48');
  if (!within.ok) throw new Error('no prefix');
  const routes = [route('2001:db8:a::/56'), route('2001:db8:b:aa00::/56'), route('2001:d00::/24')];
  expect(prefixes(routes, { within: within.value })).toEqual(['2001:db8:b:aa00::/56 4294967295']);
});

test('what no provider delegates is somebody else’s route', () => {
  expect(prefixes([route('fd00::/48'), route('2001:db8::1'), route('2001:db8::/96'), route('::/0')])).toEqual([]);
});

test('none at all', () => {
  for (const text of ['', '[]', '\n']) {
    expect(parseClientRoutes(text, { interface: 'eth0', protocol: 16 })).toMatchObject({
      known: true,
      value: { prefixes: [], empty: { validFor: 300 } },
    });
  }
});

test.each(['[', '{}', 'null', '[{"dst":"2001:db8::/129","protocol":"16"}]', '[{"protocol":"16"}]'])(
  'unknown: %j',
  (text) => {
    expect(parseClientRoutes(text, { interface: 'eth0', protocol: 16 }).known).toBe(false);
  },
);
