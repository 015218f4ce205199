import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { compileRadvd } from '../../src/backend/radvd/compile-radvd.ts';
import { compileScript } from '../../src/backend/nft/compile-script.ts';
import { compileWanted } from '../../src/backend/nft/wanted-tables.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { deriveAdvertisements } from '../../src/engine/advertisements.ts';
import { deriveDesired } from '../../src/engine/desired.ts';
import { deriveFirewallIntent } from '../../src/generate/firewall/derive-firewall-intent.ts';
import { firewallTargets } from '../../src/generate/firewall/firewall-targets.ts';
import { failoverTargets, generateFailover } from '../../src/generate/failover/generate-failover.ts';
import type { Generated } from '../../src/generate/generated.ts';
import type { GeneratedFile } from '../../src/generate/generated-file.ts';
import { deriveLanIntent } from '../../src/generate/lan/lan-intent.ts';
import { lanTargets } from '../../src/generate/lan/lan-targets.ts';
import { generateNatGateway, natGatewayTargets } from '../../src/generate/nat-gateway/generate-nat-gateway.ts';
import { generateTunnel } from '../../src/generate/tunnel/generate-tunnel.ts';
import { tunnelTargets } from '../../src/generate/tunnel/tunnel-targets.ts';
import { generateUplink } from '../../src/generate/uplink/generate-uplink.ts';
import { uplinkTargets } from '../../src/generate/uplink/uplink-targets.ts';
import { generateXenGuest, xenGuestTargets } from '../../src/generate/xen-guest/generate-xen-guest.ts';
import { natGatewayCases, tunnelCases } from '../../src/testing/tunnel-cases.ts';
import { xenGuestCases } from '../../src/testing/xen-guest-cases.ts';
import { makeNamespace, type Namespace } from '../kernel/namespace.ts';

// What people, other programs and attackers write where a name belongs. Each generator of files refuses it with a sentence, or writes
// files that the grammar they are for reads, with nothing in them that the name began.

const marker = 'OWNED';
const evil = [
  `x\n${marker}=1`,
  `x\r\n${marker}`,
  `"; ${marker}`,
  `'; ${marker} '`,
  `$(${marker})`,
  `\`${marker}\``,
  `x; ${marker}`,
  `x && ${marker}`,
  `x | ${marker}`,
  `x } ${marker} {`,
  `x] [${marker}`,
  `x" ${marker} "`,
  '\\',
  '\\"',
  '%s%n',
  '%i',
  '../../etc/passwd',
  '/dev/null',
  '#',
  '# x',
  '*',
  '?',
  '-x',
  '--help',
  ' x',
  'x ',
  '',
  '.',
  '..',
  '\0',
  '\u001b[2J',
  '\u{1f4a9}',
  'ünï',
  '\u202e',
  '\ud800',
  '\u2028',
  'a\tb',
  '{x}',
  '${x}',
  '!x',
  '&x',
  '*x',
  '<<',
  'null',
  'yes',
  '0x10',
  '1e3',
  '__proto__',
  'a'.repeat(300),
  'a:b',
  'a@b',
  'a,b',
  'a=b',
] as const;
/** Values that are no texts. */
const odd = [null, true, 1, -1, 1.5, 1e300, [], [[]], {}, { id: {} }, ['a', 1]] as const;

let directory = '';
let namespace: Namespace;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sixgate-names-'));
  namespace = makeNamespace();
});
afterAll(() => {
  namespace.remove();
  rmSync(directory, { recursive: true, force: true });
});

type Generator = readonly [
  name: string,
  intents: readonly Readonly<Record<string, unknown>>[],
  (intent: unknown) => Generated,
];
const each = <T extends string>(targets: Record<T, unknown>, make: (target: T) => Generator): Generator[] =>
  (Object.keys(targets) as T[]).map(make);
const ofKind = (kind: string) =>
  Object.values(tunnelCases)
    .filter((one) => one.kind === kind)
    .map(({ intent }) => intent);
const failover = {
  interface: 'eth0',
  mac: '02:00:5e:10:00:01',
  lan: ['eth1=fd12:3456:789a::1/64'],
  length: 58,
  name: 'wan0',
  linkLocal: 'fe80::1',
  dhcpcdVersion: '9.4.1',
  syncFlows: true,
  syncInterface: 'eth1',
};

const generators: readonly Generator[] = [
  ...(['6to4', '6rd', '6in4'] as const).flatMap((kind) =>
    each(tunnelTargets, (target) => [
      `${kind} for ${target}`,
      ofKind(kind),
      (intent) => generateTunnel(intent, { kind, target }),
    ]),
  ),
  ...each(natGatewayTargets, (target) => [
    `nat-gateway for ${target}`,
    Object.values(natGatewayCases),
    (intent) => generateNatGateway(intent, target),
  ]),
  ...each(uplinkTargets, (target) => [
    `uplink for ${target}`,
    [
      {
        interface: 'eth0',
        length: 58,
        ...(target === 'dhcpcd' && { dhcpcdVersion: '9.4.1', mac: '02:00:5e:10:00:01', stateless: true }),
      },
    ],
    (intent) => generateUplink(intent, { target } as never),
  ]),
  ...each(xenGuestTargets, (target) => [
    `xen-guest for ${target}`,
    Object.values(xenGuestCases),
    (intent) => generateXenGuest(intent, target),
  ]),
  ...each(failoverTargets, (target) => [
    `failover for ${target}`,
    [failover],
    (intent) =>
      generateFailover(intent, {
        target,
        config: '/etc/sixgate/config.yaml',
        runtimeDir: '/run/sixgate',
        stateDir: '/var/lib/sixgate',
      } as never),
  ]),
];

test.each(generators)(
  '%s: what stands in an intent is refused, or quoted as its grammar has it',
  (_, intents, generate) => {
    let made = 0;
    for (const intent of new Set([...intents.slice(0, 2), intents.at(-1)!])) {
      const plain = generate(intent);
      // Or what is special about it is more than this target can do.
      if (plain.ok || plain.problem.every(({ code }) => code === 'tunnel-target')) made++;
      else throw new Error(plain.problem.map(({ message }) => message).join('; '));
      for (const key of [...Object.keys(intent), 'name', 'interface']) {
        const values = [...evil, ...odd, ...evil.map((text) => [text]), ...evil.map((text) => `1=${text}`)];
        for (const value of values) judge(generate({ ...intent, [key]: value }));
      }
      for (const key of evil) judge(generate({ ...intent, [key]: 'x' }));
    }
    expect(made).toBeGreaterThan(0);
    for (const value of [...odd, ...evil]) judge(generate(value));
  },
);

test('an uplink and a LAN of any name that the configuration takes: rules, radvd.conf and files that their programs read', () => {
  const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
  const names = [
    ...printable.map((character) => `a${character}b`),
    ...printable.map((character) => `${character}b`),
    ...evil,
  ];
  let taken = 0;
  const scripts: string[] = [];
  const radvd: string[] = [];
  for (const name of names) {
    const text = JSON.stringify({
      uplinks: { dsl: { interface: name, prefix: { from: 'static', prefix: '2001:db8:a:aa80::/58' } } },
      networks: {
        home: {
          prefix: 'fd12:3456:789a::/58',
          advertise: {},
          subnets: { lan: { id: 0, interface: name.slice(0, 14) + '1' } },
        },
      },
      translate: [{ network: 'home', uplink: 'dsl', allow: [{ to: 'lan::10', tcp: [443] }] }],
    });
    const read = loadConfig([{ name: 'config.yaml', text }]);
    if (!read.ok) continue;
    taken++;
    const { config } = read.value;
    const prefix = config.uplinks[0]!.source;
    const delegation = {
      uplink: 'dsl',
      iaid: 0,
      prefix: 'prefix' in prefix ? prefix.prefix : config.networks[0]!.prefix,
      preferredUntil: Infinity,
      validUntil: Infinity,
      since: 0,
    };
    const desired = deriveDesired(config, [delegation], 1);
    const { tables } = compileWanted(desired, { links: [], object: undefined });
    scripts.push(compileScript(tables.map((table) => ({ do: 'install-table', table, replaces: false, because: '' })))!);
    radvd.push(compileRadvd(deriveAdvertisements(config, desired.mappings)));
    for (const target of Object.values(lanTargets))
      for (const file of target(deriveLanIntent(config, '/run/sixgate/radvd.conf'))) readInItsGrammar(file);
    for (const target of Object.values(firewallTargets)) readInItsGrammar(target(deriveFirewallIntent(config)));
  }
  expect(taken).toBeGreaterThan(60);
  for (const script of scripts) namespace.exec(['nft', '-c', '-f', '-'], script);
  for (const text of radvd) {
    writeFileSync(join(directory, 'radvd.conf'), text);
    execFileSync('radvd', ['-c', '-C', join(directory, 'radvd.conf')], { stdio: 'pipe' });
  }
});

/** Refused with sentences, or files that are in order. */
function judge(generated: Generated): void {
  if (!generated.ok) {
    if (generated.problem.length === 0) throw new Error('refused without a problem');
    for (const { message, mend = '' } of generated.problem) {
      // oxlint-disable-next-line no-control-regex
      if (/[\u0000-\u001f\u007f-\u009f]/.test(message + mend))
        throw new Error(`control characters in ${JSON.stringify(message)}`);
    }
    return;
  }
  for (const file of generated.value.files)
    if (file.text.includes(marker) || evil.some((text) => text.length > 2 && file.text.includes(text)))
      readInItsGrammar(file);
  for (const { path } of generated.value.files) {
    // oxlint-disable-next-line no-control-regex
    if (/\/\.\.?(\/|$)|\/\/|[\u0000-\u001f ]/.test(path) || !path.startsWith('/'))
      throw new Error(`the path ${JSON.stringify(path)}`);
  }
}

const known = new Set<string>();

/** By the grammar that the file is in; nothing of a name stands where something begins. */
function readInItsGrammar({ path, text, mode }: GeneratedFile): void {
  if (known.has(path + text)) return;
  known.add(path + text);
  const begun = text.split(/\r\n|\r|\n|\u2028/).find((line) => line.trimStart().startsWith(marker));
  if (begun !== undefined) throw new Error(`${path} has a line ${JSON.stringify(begun)}`);
  const written = (name: string): string => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  if (/\.ya?ml$|network-config/.test(path)) parse(text);
  else if (/^#!.*sh\b/.test(text)) execFileSync('sh', ['-n', written('script')], { stdio: 'pipe' });
  else if (/^(add )?table /m.test(text)) namespace.exec(['nft', '-c', '-f', written('rules.nft')]);
  else if (/\.(network|netdev|service|timer|conf|nmconnection)$/.test(path) && /^\[/m.test(text)) {
    for (const line of text.split('\n'))
      if (!/^([#;].*|\[[A-Za-z0-9 -]+\]|[A-Za-z0-9_-]+=.*)?$/.test(line))
        throw new Error(`${path}: ${JSON.stringify(line)}`);
  }
  if (mode > 0o777) throw new Error(`mode ${mode}`);
}
