import { expect, test } from 'vitest';
import { formatPrefix } from '../../core/prefix.ts';
import { prefix } from '../../testing/healthy-host.ts';
import { outsideSubnet } from './outside-subnet.ts';

const shown = (subnet: string, inside: string, outside: string, mode: 'stateful' | 'rfc6296') => {
  const found = outsideSubnet(prefix(subnet), prefix(inside), prefix(outside), mode);
  return found && formatPrefix(found);
};

test('a subnet keeps its place, but for RFC 6296 up to /48, where its number changes', () => {
  expect(shown('fd12:3456:789a:1::/64', 'fd12:3456:789a::/58', '2001:db8:a:aa80::/58', 'stateful')).toBe(
    '2001:db8:a:aa81::/64',
  );
  expect(shown('fd12:3456:789a:1::/64', 'fd12:3456:789a::/58', '2001:db8:a:aa80::/58', 'rfc6296')).toBe(
    '2001:db8:a:aa81::/64',
  );
  // As "sixgate map fd12:3456:789a:1::10 --mode rfc6296" says.
  expect(shown('fd12:3456:789a:1::/64', 'fd12:3456:789a::/48', '2001:db8:a::/48', 'rfc6296')).toBe(
    '2001:db8:a:7c41::/64',
  );
  expect(shown('fd12:3456:789a:ffff::/64', 'fd12:3456:789a::/48', '2001:db8:a::/48', 'rfc6296')).toBeUndefined();
});
