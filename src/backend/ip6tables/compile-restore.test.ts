import { expect, test } from 'vitest';
import { deriveDesired } from '../../engine/desired.ts';
import { plan } from '../../engine/plan.ts';
import type { KernelState, WantedState } from '../../engine/kernel-state.ts';
import { homeConfig, homeDelegation, now, prefix } from '../../testing/healthy-host.ts';
import { allCalls } from './calls.ts';
import { compileBackup, compileRestore } from './compile-restore.ts';
import { parseSave, type SavedChains } from './parse-save.ts';
import { compileWantedChains } from './wanted-chains.ts';

const wants = (...outside: string[]): WantedState => {
  const delegations = outside.map((text) => ({ ...homeDelegation, prefix: prefix(text) }));
  return compileWantedChains(deriveDesired(homeConfig, delegations, now), allCalls);
};
const [a, b] = ['2001:db8:a:aa80::/58', '2001:db8:b:bb80::/58'];
const nothing: KernelState = { tables: [], routes: [] };
const from = (present: KernelState, wanted: WantedState) => plan({ known: true, value: present }, wanted, []).steps;
const sections = (text: string | undefined): string[] =>
  (text ?? '').split(/^(?=\*)/m).map((section) => section.split('\n', 1)[0]!);

test('at first the guard is closed, then translation is there, then the guard opens', () => {
  const text = compileRestore(from(nothing, wants(a)), undefined)!;
  expect(sections(text)).toEqual(['*mangle', '*nat', '*filter', '*mangle']);
  const [closed, , , open] = text.split(/^(?=\*)/m);
  expect(closed).not.toContain('-I SIXGATE-MAPPED-dsl');
  expect(open).toBe('*mangle\n-I SIXGATE-MAPPED-dsl -s fd12:3456:789a::/58 -j RETURN\nCOMMIT\n');
});

test('when a prefix comes the guard opens last; when it goes the guard closes first; another one is no matter for it', () => {
  expect(sections(compileRestore(from(wants(), wants(a)), undefined))).toEqual(['*nat', '*filter', '*mangle']);
  expect(sections(compileRestore(from(wants(a), wants()), undefined))).toEqual(['*mangle', '*nat', '*filter']);
  expect(compileRestore(from(wants(a), wants(b)), undefined)).toBe(
    `*nat
-D SIXGATE-OUT-dsl -s fd12:3456:789a::/58 -j NETMAP --to ${a}
-I SIXGATE-OUT-dsl -s fd12:3456:789a::/58 -j NETMAP --to ${b}
-D SIXGATE-INTO-dsl -d ${a} -j NETMAP --to fd12:3456:789a::/58
-I SIXGATE-INTO-dsl -d ${b} -j NETMAP --to fd12:3456:789a::/58
-D SIXGATE-BACK-dsl -m conntrack --ctorigdst ${a} -j SIXGATE-OUT-dsl
-I SIXGATE-BACK-dsl -m conntrack --ctorigdst ${b} -j SIXGATE-OUT-dsl
COMMIT
`,
  );
});

const saved = (text: string): SavedChains => {
  const read = parseSave(text);
  if (!read.known) throw new Error(read.why);
  return read.value;
};
const before = saved(`*nat
:POSTROUTING ACCEPT [7:8]
:SIXGATE-POST - [0:0]
:SIXGATE-OUT-old - [0:0]
[1:2] -A POSTROUTING -j SIXGATE-POST
[3:4] -A SIXGATE-POST -o eth0 -m comment --comment "a \\'b\\' [c]" -j SIXGATE-OUT-old
COMMIT
`);

test('chains of uplinks that are gone go; those that others call are only emptied', () => {
  const text = compileRestore([{ do: 'remove-table', table: 'ip6tables nat', because: '' }], before);
  expect(text).toBe('*nat\n-F SIXGATE-POST\n-F SIXGATE-OUT-old\n-X SIXGATE-OUT-old\nCOMMIT\n');
  const replaced = compileRestore(from({ tables: before.tables, routes: [] }, wants(a)), before)!;
  expect(replaced).toContain('-F SIXGATE-OUT-old\n-X SIXGATE-OUT-old\n');
});

test('a backup has what was there and takes away what was not, of the tables that are touched', () => {
  const text = compileBackup(before, from({ tables: before.tables, routes: [] }, wants(a)))!;
  expect(sections(text)).toEqual(['*mangle', '*nat', '*filter']);
  const nat = text.split(/^(?=\*)/m)[1];
  expect(nat).toContain(`:SIXGATE-OUT-old - [0:0]\n`);
  expect(nat).toContain(`-A SIXGATE-POST -o eth0 -m comment --comment "a \\'b\\' [c]" -j SIXGATE-OUT-old\n`);
  expect(nat).toContain('-X SIXGATE-OUT-dsl\n');
  expect(nat).not.toContain('-X SIXGATE-POST');
  expect(compileBackup(before, [])).toBeUndefined();
});
