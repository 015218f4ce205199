import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VifState } from '../../engine/xen/vif-state.ts';
import { parseGuestAddresses, parseGuestProxies, parseGuestRoutes } from './parse-guests.ts';
import { parseVifPath } from './parse-vif-path.ts';
import { parseDefaultScript } from './parse-xl-conf.ts';
import { formatRadvdConfig } from './radvd-config.ts';
import { formatVifState, parseVifState, vifStateName } from './vif-state-file.ts';

const state: VifState = {
  vif: { domid: 7, devid: 0, kind: 'vif', device: 'vif7.0', name: 'web1', mac: 0x00163e000007n },
  entry: 'web1',
  filtered: true,
  addresses: ['fe80::1/64'],
  routes: [{ prefix: '2001:db8:1::/64' }, { prefix: '2001:db8:10::/48', via: 'fe80::2' }],
  proxies: [{ address: '2001:db8:ffff::7', device: 'eth0' }],
  advertised: ['2001:db8:1::/64'],
  dns: ['2001:db8::53'],
};

describe('XENBUS_PATH', () => {
  test('relative as for vif, absolute as for tap', () => {
    expect(parseVifPath('backend/vif/12/1')).toEqual({
      ok: true,
      value: { path: 'backend/vif/12/1', domid: 12, devid: 1 },
    });
    expect(parseVifPath('/local/domain/0/backend/vif/12/1')).toMatchObject({
      ok: true,
      value: { domid: 12, devid: 1 },
    });
  });

  test.each(['', 'backend/vbd/1/0', 'backend/vif/1', 'backend/vif/1/0/', 'x/backend/vif/1/0', 'backend/vif/-1/0'])(
    '%j is none',
    (text) => expect(parseVifPath(text)).toMatchObject({ ok: false, problem: { code: 'xen-path' } }),
  );
});

describe('the record of an interface', () => {
  test('is read as it was written; the emulated card has one of its own', () => {
    expect(parseVifState(formatVifState(state), 'f')).toEqual({ ok: true, value: state });
    expect(vifStateName(state.vif)).toBe('7-0.json');
    expect(vifStateName({ ...state.vif, kind: 'tap' })).toBe('7-0-emu.json');
  });

  test('any other text is a problem', () => {
    const whole = formatVifState(state);
    fc.assert(
      fc.property(fc.nat(whole.length - 3), (length) => {
        expect(parseVifState(whole.slice(0, length), 'f')).toMatchObject({ ok: false });
      }),
    );
    for (const text of ['null', '[]', '{"schemaVersion":2}', '{"schemaVersion":1,"vif":{}}']) {
      expect(parseVifState(text, 'f')).toMatchObject({ ok: false, problem: { code: 'stored-unreadable' } });
    }
  });
});

describe('what iproute2 6.1 prints', () => {
  test('addresses, without those that a filter left out', () => {
    const text = `[{},{"ifname":"vif7.0","addr_info":[{"family":"inet6","local":"2001:DB8:1::1","prefixlen":64,"nodad":true}]}]`;
    expect(parseGuestAddresses(text)).toEqual({ known: true, value: new Set(['vif7.0 2001:db8:1::1/64']) });
  });

  test('routes of guests, without the unreachable ones that have our number too', () => {
    const text = `[{"dst":"2001:db8:1::/64","dev":"vif7.0","metric":1024},{"dst":"2001:db8::7","dev":"vif7.0"},
{"dst":"2001:db8:10::/48","gateway":"fe80::2","dev":"vif7.0"},{"type":"unreachable","dst":"fc00::/7","dev":"lo"}]`;
    expect(parseGuestRoutes(text)).toEqual({
      known: true,
      value: new Set(['vif7.0 2001:db8:1::/64', 'vif7.0 2001:db8::7/128', 'vif7.0 2001:db8:10::/48 via fe80::2']),
    });
  });

  test('proxies; nothing at all is none, and what is not understood is unknown', () => {
    expect(parseGuestProxies('[{"dst":"2001:db8:ffff::7","dev":"eth0","proxy":null}]')).toEqual({
      known: true,
      value: new Set(['eth0 2001:db8:ffff::7']),
    });
    expect(parseGuestProxies('\n')).toEqual({ known: true, value: new Set() });
    for (const text of ['{', '[{"dst":"x","dev":"eth0"}]', '[null]']) {
      expect(parseGuestProxies(text)).toMatchObject({ known: false });
    }
  });
});

test('the default script of xl.conf: the last one that is no remark', () => {
  expect(parseDefaultScript('#vif.default.script="vif-bridge"\n')).toBeUndefined();
  expect(parseDefaultScript('vif.default.script="vif-bridge"\n vif.default.script = "vif-route" # now\n')).toBe(
    'vif-route',
  );
});

test('radvd: none where nothing is advertised, in the order of the interfaces otherwise', () => {
  expect(formatRadvdConfig([{ ...state, advertised: [] }])).toBeUndefined();
  const other = { ...state, vif: { ...state.vif, device: 'vif6.0' }, dns: [], entry: 'böse\n}' };
  expect(formatRadvdConfig([state, other])).toMatchInlineSnapshot(`
    "# Written by sixgate; changes are lost.
    # b?se?}
    interface vif6.0
    {
      AdvSendAdvert on;
      IgnoreIfMissing on;
      MinRtrAdvInterval 30;
      MaxRtrAdvInterval 100;
      prefix 2001:db8:1::/64
      {
        AdvOnLink on;
        AdvAutonomous on;
      };
    };
    # web1
    interface vif7.0
    {
      AdvSendAdvert on;
      IgnoreIfMissing on;
      MinRtrAdvInterval 30;
      MaxRtrAdvInterval 100;
      prefix 2001:db8:1::/64
      {
        AdvOnLink on;
        AdvAutonomous on;
      };
      RDNSS 2001:db8::53
      {
      };
    };
    "
  `);
});
