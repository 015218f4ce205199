import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { generateXenGuest, type XenGuestTarget } from '../../src/generate/xen-guest/generate-xen-guest.ts';
import { readXenGuest } from '../../src/generate/xen-guest/read-xen-guest.ts';
import { formatIpv4 } from '../../src/core/ipv4.ts';
import { formatIpv6 } from '../../src/core/ipv6.ts';
import { formatPrefix } from '../../src/core/prefix.ts';
import { xenGuestCases } from '../../src/testing/xen-guest-cases.ts';
import { cloudInit, netConvert } from './cloud-init.ts';
import { ifup, ifupProgram } from './ifup.ts';
import { sandboxed } from './in-namespace.ts';
import { netplan, netplanGenerator } from './netplan.ts';
import { complaints, networkd, runNetworkd } from './networkd.ts';

/*
 * What the tools themselves make of the files, compared with the model. Whether packets flow then is for the machine with Xen.
 */
function textOf(intent: object, target: XenGuestTarget): string {
  const made = generateXenGuest(intent, target);
  if (!made.ok) throw new Error(made.problem[0]!.message);
  return made.value.files[0]!.text;
}

const cases = Object.entries(xenGuestCases).map(([name, intent]) => {
  const read = readXenGuest(intent, (key) => key);
  if (!read.ok) throw new Error(`${name}: ${read.problem[0]!.message}`);
  const { addresses, gateway, routed, ipv4, interface: device } = read.value;
  const model = {
    device,
    addresses: addresses.map((each) => `${formatIpv6(each.address)}/${each.length}`),
    gateway: gateway && formatIpv6(gateway),
    routed: routed.map(formatPrefix),
    ipv4: ipv4 && { ...ipv4, address: formatIpv4(ipv4.address), gateway: formatIpv4(ipv4.gateway) },
  };
  return { name, intent, model };
});

describe.skipIf(!sandboxed || ifupProgram === undefined)('ifup --no-act', () => {
  test.each(cases)('$name', ({ intent, model }) => {
    const { code, commands } = ifup(textOf(intent, 'ifupdown'));
    expect(code).toBe(0);
    expectIfupdown(commands, model);
    const unreachable = commands.filter((line) => line.startsWith('ip -6 route replace unreachable'));
    expect(unreachable).toEqual(model.routed.map((prefix) => `ip -6 route replace unreachable ${prefix}`));
  });

  test('a bad twin is refused', () => {
    const text = textOf(xenGuestCases['plain']!, 'ifupdown');
    expect(ifup(text).code).toBe(0);
    expect(ifup(text.replace('inet6 static', 'inet6 statik')).code).not.toBe(0);
    expect(ifup(text.replace(/^ +address .*\n/m, '')).code).not.toBe(0);
  });
});

function expectIfupdown(commands: readonly string[], model: (typeof cases)[number]['model']): void {
  const added = commands.filter((line) => line.startsWith('ip -6 addr add')).map((line) => line.split(' ')[4]);
  expect(added).toEqual(model.addresses);
  const routes = commands.filter((line) => line.startsWith('ip -6 route') && line.includes(' default '));
  expect(routes).toEqual(
    model.gateway === undefined ? [] : [expect.stringContaining(` via ${model.gateway} dev ${model.device} onlink`)],
  );
  if (model.ipv4 === undefined) return;
  const { address, gateway } = model.ipv4;
  const isDefault = commands.some((line) => line.startsWith('ip route add default'));
  expect(isDefault).toBe(model.ipv4.isDefault);
  expect(commands).toContainEqual(
    expect.stringMatching(`^ip addr add ${address}/(32|255.255.255.255) .*dev ${model.device}`),
  );
  if (!isDefault) return;
  expect(commands).toContainEqual(
    expect.stringMatching(`^ip route add default via ${gateway} dev ${model.device} onlink`),
  );
}

describe.skipIf(!sandboxed || netplanGenerator === undefined)('netplan generate', () => {
  test.each(cases)('$name', ({ intent, model }) => {
    const { code, stdout, stderr } = netplan(textOf(intent, 'netplan'));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expectUnit(stdout, model);
    for (const prefix of model.routed) expect(stdout).toContain(`Destination=${prefix}\nType=unreachable`);
  });

  test('a bad twin is refused', () => {
    const text = textOf(xenGuestCases['plain']!, 'netplan');
    expect(netplan(text.replace('/64', '/640')).code).toBe(3);
    expect(netplan(text.replace('accept-ra', 'accept-raa')).code).toBe(3);
  });
});

function expectUnit(text: string, { addresses, gateway, ipv4 }: (typeof cases)[number]['model']): void {
  for (const address of addresses) expect(text).toContain(`Address=${address}\n`);
  if (gateway !== undefined) expect(text).toContain(`Gateway=${gateway}\n`);
  if (ipv4 !== undefined) expect(text.includes(`Gateway=${ipv4.gateway}\n`)).toBe(ipv4.isDefault);
  expect(text).toMatch(/IPv6AcceptRA=no/);
}

describe.skipIf(!sandboxed || networkd === undefined)('systemd-networkd', () => {
  test.each(cases)('configures what is meant: $name', ({ intent, model }) => {
    const { mac: _, ...rest } = intent;
    const made = generateXenGuest(rest, 'networkd');
    // By the name, since the interface here has a MAC address of its own.
    const { log, addresses } = runNetworkd(made.ok ? made.value.files : [], [model.device]);
    expect(complaints(log)).toEqual([]);
    for (const address of model.addresses) expect(addresses).toContain(` ${address} `);
  });

  test('a bad twin is complained about', () => {
    const made = generateXenGuest(xenGuestCases['plain'], 'networkd');
    const bad = (made.ok ? made.value.files : []).map((file) => ({
      ...file,
      text: file.text.replace('OnLink', 'OnLinks'),
    }));
    expect(complaints(runNetworkd(bad).log).length).toBeGreaterThan(0);
  });
});

describe.skipIf(!sandboxed || cloudInit === undefined)('cloud-init', () => {
  test.each(cases)('for ifupdown: $name', ({ intent, model }) => {
    const { text, said } = netConvert(textOf(intent, 'cloud-init'), 'eni');
    expect(text ?? said).toContain('iface');
    expectIfupdown(ifup(text!).commands, model);
  });

  test.each(cases)('for netplan: $name', ({ intent, model }) => {
    const { text, said } = netConvert(textOf(intent, 'cloud-init'), 'netplan');
    const { code, stdout } = netplan(text ?? said);
    expect(code).toBe(0);
    expectUnit(stdout, model);
  });

  test.each(cases)('for networkd: $name', ({ intent, model }) => {
    const { text, said } = netConvert(textOf(intent, 'cloud-init'), 'networkd');
    expectUnit(`${text ?? said}\nIPv6AcceptRA=no`, model);
    expect(text).not.toMatch(/Destination=(::|0\.0\.0\.0)/);
  });

  test('what it makes of a route to ::/0, which is why gateways are written otherwise', () => {
    const config = textOf(xenGuestCases['plain']!, 'cloud-init');
    const route = config.replace(/gateway6: (.*)/, 'routes:\n      - to: "::/0"\n        via: $1');
    expect(netConvert(route, 'networkd').text).toContain('Destination=::/64');
  });
});

test.each(cases.filter(({ name }) => name !== 'only-ipv4'))(
  'sixgate takes the entry for Dom0: $name',
  ({ intent, name }) => {
    const text = textOf(intent, 'sixgate');
    const uplink = 'xen: { uplink: eth9 }\n';
    const loaded = loadConfig([
      { name: 'config.yaml', text: uplink },
      { name: `${name}.yaml`, text },
    ]);
    expect(loaded.ok ? 'taken' : JSON.stringify(loaded.problem)).toBe('taken');
  },
);
