import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePrefix } from '../../core/prefix.ts';
import { environmentLimit } from './parse-environment.ts';
import { parseLeaseReport } from './parse-lease-report.ts';

type Variables = Readonly<Record<string, string>>;

const environment = (variables: Variables): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\0`)
    .join('');

/** As dhcpcd 9.4.1 said it over its control socket, for a RENEW6. */
const renewal: Variables = {
  PATH: '/usr/sbin:/usr/bin',
  pid: '18123',
  reason: 'RENEW6',
  interface: 'eth0',
  protocol: 'dhcp6',
  if_configured: 'true',
  ifcarrier: 'up',
  ifmetric: '1002',
  interface_order: 'eth0',
  old_dhcp6_ia_pd1_iaid: '00000001',
  old_dhcp6_ia_pd1_prefix1_pltime: '1800',
  old_dhcp6_ia_pd1_prefix1_vltime: '3600',
  old_dhcp6_ia_pd1_prefix1_length: '58',
  old_dhcp6_ia_pd1_prefix1: '2001:db8:b:bb80::',
  new_dhcp6_server_id: '000300010200000000fe',
  new_dhcp6_ia_pd1_iaid: '00000001',
  new_dhcp6_ia_pd1_t1: '900',
  new_dhcp6_ia_pd1_t2: '1440',
  new_dhcp6_ia_pd1_prefix1_pltime: '1800',
  new_dhcp6_ia_pd1_prefix1_vltime: '3600',
  new_dhcp6_ia_pd1_prefix1_length: '58',
  new_dhcp6_ia_pd1_prefix1: '2001:db8:a:aac0::',
};

const prefixAt = (text: string): unknown => {
  const read = parsePrefix(text);
  return read.ok ? read.value : read.problem;
};
const pd1 = (changes: Variables): Variables => ({
  ...renewal,
  ...Object.fromEntries(Object.entries(changes).map(([name, value]) => [`new_dhcp6_ia_pd1_${name}`, value])),
});
const read = (variables: Variables) => {
  const report = parseLeaseReport(environment(variables));
  if (!report.ok) throw new Error(report.problem.message);
  return report.value;
};

test('a renewal as dhcpcd 9.4.1 tells it', () => {
  expect(read(renewal)).toEqual({
    interface: 'eth0',
    reason: 'RENEW6',
    prefixes: [{ iaid: 1, prefix: prefixAt('2001:db8:a:aac0::/58'), preferredLifetime: 1800, validLifetime: 3600 }],
    released: false,
    refused: [],
    link: 'up',
  });
});

describe('reasons', () => {
  test.each(['BOUND6', 'RENEW6', 'REBIND6', 'REBOOT6'])('%s carries prefixes', (reason) => {
    expect(read({ ...renewal, reason })).toMatchObject({ reason, released: false, prefixes: [{ iaid: 1 }] });
  });

  test.each(['STOP6', 'RELEASE6'])('%s gives them up', (reason) => {
    expect(read({ ...renewal, reason })).toMatchObject({ reason, released: true, prefixes: [] });
  });

  test.each(
    'PREINIT CARRIER NOCARRIER EXPIRE6 TIMEOUT6 INFORM6 DELEGATED6 STOPPED DEPARTED RECONFIGURE ROUTERADVERT STOP EXPIRE BOUND NAK IPV4LL MADEUP6'.split(
      ' ',
    ),
  )('%s neither brings nor takes any', (reason) => {
    expect(read({ ...renewal, reason })).toMatchObject({ reason, released: false, prefixes: [], refused: [] });
  });

  test('the carrier is told on', () => {
    expect(read({ reason: 'NOCARRIER', interface: 'eth0', ifcarrier: 'down' }).link).toBe('down');
    expect(read({ reason: 'PREINIT', interface: 'eth0', ifcarrier: 'unknown' })).not.toHaveProperty('link');
  });

  test('a delegated address of another interface is not a delegation', () => {
    const delegated = { reason: 'DELEGATED6', interface: 'eth2', new_delegated_dhcp6_prefix: '2001:db8:a:aa85::1/64' };
    expect(read(delegated).prefixes).toEqual([]);
  });
});

test('several associations and prefixes, in the order of their places', () => {
  const two = { ...pd1({ prefix2: '2001:db8:c::', prefix2_length: '56', prefix2_pltime: '0', prefix2_vltime: '0' }) };
  const more = Object.fromEntries(
    Object.entries(renewal)
      .filter(([name]) => name.startsWith('new_dhcp6_ia_pd1_'))
      .map(([name, value]) => [name.replace('pd1', 'pd10'), value]),
  );
  const prefixes = read({ ...more, ...two, new_dhcp6_ia_pd10_iaid: 'ff00000a' }).prefixes;
  expect(prefixes.map(({ iaid, validLifetime }) => [iaid, validLifetime])).toEqual([
    [1, 3600],
    [1, 0],
    [0xff00000a, 3600],
  ]);
});

test('host bits are masked', () => {
  expect(read(pd1({ prefix1: '2001:db8:a:aac1::1' })).prefixes[0]?.prefix).toEqual(prefixAt('2001:db8:a:aac0::/58'));
});

test('an infinite lifetime is a lifetime', () => {
  expect(read(pd1({ prefix1_vltime: '4294967295' })).prefixes[0]?.validLifetime).toBe(4294967295);
});

describe('refused', () => {
  test.each<[string, Variables, RegExp]>([
    ['unique local', { prefix1: 'fd12:3456:789a::' }, /unique local/],
    ['link-local', { prefix1: 'fe80::' }, /link-local/],
    ['multicast', { prefix1: 'ff02::' }, /multicast/],
    ['Teredo', { prefix1: '2001:0:1::' }, /Teredo/],
    ['6to4 of a loopback address', { prefix1: '2002:7f00:1::' }, /6to4 prefix of an IPv4 address that is loopback/],
    ['IPv4-mapped', { prefix1: '::ffff:192.0.2.1' }, /not global unicast/],
    ['nothing at all', { prefix1: '::' }, /not global unicast/],
    ['preferred longer than valid (RFC 8415 21.22)', { prefix1_pltime: '3601' }, /longer than its valid/],
    ['too short', { prefix1_length: '3' }, /shorter than/],
    ['too long', { prefix1_length: '65' }, /longer than/],
    ['length 129', { prefix1_length: '129' }, /length/],
    ['length with a sign', { prefix1_length: '+58' }, /length/],
    ['no length', { prefix1_length: '' }, /length/],
    ['a command', { prefix1: '$(touch /tmp/x)' }, /not an IPv6 address/],
    ['a second line', { prefix1: '2001:db8::\nreason=STOP6' }, /not an IPv6 address/],
    ['bytes that are no text', { prefix1: '\xff\xfe' }, /not an IPv6 address/],
    ['an address with a zone', { prefix1: '2001:db8::%eth0' }, /not an IPv6 address/],
    ['a lifetime above 32 bits', { prefix1_vltime: '4294967296' }, /lifetimes/],
    ['a negative lifetime', { prefix1_pltime: '-1' }, /lifetimes/],
    ['an IAID that is none', { iaid: '1; rm' }, /IAID/],
  ])('%s', (_, changes, message) => {
    const report = read(pd1(changes));
    expect(report.prefixes).toEqual([]);
    expect(report.refused).toHaveLength(1);
    expect(report.refused[0]).toMatchObject({ code: 'delegation-refused', message: expect.stringMatching(message) });
  });

  test('one bad prefix does not take the good one with it', () => {
    const both = pd1({ prefix2: 'fd00::', prefix2_length: '58', prefix2_pltime: '1', prefix2_vltime: '1' });
    expect(read(both)).toMatchObject({ prefixes: [{ iaid: 1 }], refused: [{ code: 'delegation-refused' }] });
  });

  test('thousands of prefixes: a few are read, the rest is one problem', () => {
    const many: Record<string, string> = { ...renewal };
    for (let index = 2; index <= 5000; index++) {
      many[`new_dhcp6_ia_pd1_prefix${index}`] = `2001:db8:${index.toString(16)}::`;
      many[`new_dhcp6_ia_pd1_prefix${index}_length`] = '56';
      many[`new_dhcp6_ia_pd1_prefix${index}_pltime`] = '1';
      many[`new_dhcp6_ia_pd1_prefix${index}_vltime`] = '1';
    }
    const report = read(many);
    expect(report.prefixes).toHaveLength(32);
    expect(report.refused).toHaveLength(1);
  });

  test.each<[string, string]>([
    ['no reason', environment({ interface: 'eth0' })],
    ['a reason that is none', environment({ reason: 'BOUND6; reboot', interface: 'eth0' })],
    ['no interface', environment({ reason: 'BOUND6' })],
    ['an interface that none can be', environment({ reason: 'BOUND6', interface: '../../etc/x' })],
    ['a name that stands twice', environment(renewal) + environment({ reason: 'STOP6' })],
    ['more than any message', environment(renewal) + 'x'.repeat(environmentLimit)],
    ['nothing', ''],
  ])('all of it: %s', (_, text) => {
    expect(parseLeaseReport(text).ok).toBe(false);
  });

  test('messages hold nothing that could steer a terminal', () => {
    const report = read(pd1({ prefix1: '\x1b[2J\nfd00::' }));
    // oxlint-disable-next-line no-control-regex
    expect(report.refused[0]?.message).not.toMatch(/[\x00-\x1f\x7f]/);
  });
});

test('any bytes give a value', () => {
  const piece = fc.oneof(
    fc.constantFrom(...Object.keys(renewal), '=', '\0', 'RENEW6', 'eth0', '58', '2001:db8::', '00000001'),
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const report = parseLeaseReport(pieces.join(''));
      if (report.ok) expect(report.value.interface).toMatch(/^[!-~]{1,15}$/);
      else expect(report.problem.message).not.toBe('');
    }),
  );
});
