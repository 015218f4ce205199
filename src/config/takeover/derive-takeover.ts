import { parseDuid } from '../../core/duid.ts';
import { contains, parseAddressWithLength, prefixOf, type Prefix } from '../../core/prefix.ts';
import type { OldSetup } from '../../engine/takeover/old-setup.ts';
import { judgeInsidePrefix } from '../suitable-prefix.ts';
import { addressOf } from './address-of.ts';
import { deriveTunnels } from './derive-tunnels.ts';
import type { Takeover, TakeoverFile, TakeoverTranslation } from './takeover.ts';

/**
 * What a set-up in the manner of how-tos becomes. `fresh`: a prefix for the inside, for where the old one cannot be one. Undefined where
 * nothing of such a set-up is there.
 */
export function deriveTakeover(old: OldSetup, fresh: Prefix): Takeover | undefined {
  const remarks: string[] = [];
  const translation = deriveTranslation(old, fresh, remarks);
  const tunnels = deriveTunnels(old, remarks);
  const files = [...translationFiles(old), ...tunnels.files, ...xenFiles(old)];
  if (!translation && files.length === 0) return undefined;
  return { translation, commands: tunnels.commands, files, remarks };
}

function deriveTranslation(old: OldSetup, fresh: Prefix, remarks: string[]): TakeoverTranslation | undefined {
  const outbound = old.rules
    .flatMap(({ path, rules }) => rules.map((rule) => ({ path, ...rule })))
    .find(({ target, out, source }) => target === 'NETMAP' && out !== undefined && source !== undefined);
  const asked = old.dhcpcd?.options.find(({ name }) => name === 'ia_pd');
  const uplink = outbound?.out ?? asked?.interface;
  if (uplink === undefined) return undefined;
  const [, iaid, length] = /^(\d+)?(?:\/[^\s/]*)?(?:\/(\d+))?/.exec(asked?.value ?? '') ?? [];
  const written = outbound && parseAddressWithLength(outbound.source!);
  const inside = written?.ok ? prefixOf(written.value.address, written.value.length) : undefined;
  const place = outbound && `${outbound.path}:${outbound.line}`;
  const prefix = insideOf(inside, place, fresh, remarks);
  if (outbound?.to !== undefined) {
    remarks.push(`${place} translates to ${outbound.to} for ever; the prefix is asked for by DHCPv6 instead`);
  }
  if (!asked) remarks.push(`nothing asks for a prefix on ${uplink} here; "length" is that of the inside prefix`);
  return {
    uplink,
    length: Number(length ?? prefix.length),
    iaid: iaid === undefined ? undefined : Number(iaid),
    ...identity(old, remarks),
    prefix,
    subnets: subnetsOf(old, inside, prefix, remarks),
  };
}

/** The old inside prefix if it can be one, else a new one of the same length. */
function insideOf(inside: Prefix | undefined, place: string | undefined, fresh: Prefix, remarks: string[]): Prefix {
  if (!inside) {
    remarks.push('no rule names the inside prefix; a new one is proposed');
    return fresh;
  }
  const judged = judgeInsidePrefix({
    value: inside,
    path: 'networks.home.prefix',
    place: { file: place ?? '', line: 1, column: 1 },
  });
  if (judged?.severity !== 'refused') return inside;
  remarks.push(`${place}: ${judged.message}; a new prefix is proposed, and hosts inside get new addresses once`);
  return prefixOf(fresh.address, Math.max(inside.length, fresh.length));
}

function identity(old: OldSetup, remarks: string[]): Pick<TakeoverTranslation, 'duid' | 'stateless'> {
  if (!old.duid) return { duid: undefined, stateless: false };
  const { path, text } = old.duid;
  if (text.trim() === '') {
    remarks.push(
      `${path} is empty, so that the client has the identity of the MAC address, as for two routers; "stateless: true" does that. ` +
        `Take the attribute away first: chattr -i ${path}. docs/guides/two-routers.md has the rest`,
    );
    return { duid: undefined, stateless: true };
  }
  const duid = parseDuid(text.trim());
  if (!duid.ok) return { duid: undefined, stateless: false };
  remarks.push(`the identity out of ${path} is taken over, so that the provider delegates the same prefix`);
  return { duid: text.trim(), stateless: false };
}

/** Interfaces with an address in the inside prefix, by the number of its /64. */
function subnetsOf(
  old: OldSetup,
  inside: Prefix | undefined,
  prefix: Prefix,
  remarks: string[],
): TakeoverTranslation['subnets'] {
  const found = old.interfaces
    .flatMap(({ stanzas }) => stanzas)
    .flatMap((stanza) => {
      const address = addressOf(stanza);
      if (!inside || !address || !contains(inside, address.address)) return [];
      const id = (address.address >> 64n) & ((1n << BigInt(64 - inside.length)) - 1n);
      return [{ name: nameOf(stanza.name), id, interface: stanza.name }];
    });
  const room = 1n << BigInt(64 - prefix.length);
  if (found.length === 0) {
    remarks.push(
      'no stanza of ifupdown has an address in the inside prefix; write your LANs into "subnets", each with its interface',
    );
    return [{ name: 'lan', id: 0n, interface: undefined }];
  }
  return found.filter(({ id }, index) => id < room && found.findIndex((other) => other.id === id) === index);
}

function nameOf(interfaceName: string): string {
  const plain = interfaceName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return /^[a-z]/.test(plain) ? plain : `lan-${plain}`;
}

function translationFiles(old: OldSetup): TakeoverFile[] {
  const uses = old.dhcpcd?.options.some(({ name }) => name === 'ia_pd');
  return [
    ...(old.dhcpcd && uses
      ? [
          {
            path: old.dhcpcd.path,
            do: 'delete' as const,
            lines: [],
            why: 'sixgate asks for the prefix itself; keep it if dhcpcd serves other interfaces, without its "ia_pd" and "script"',
          },
        ]
      : []),
    ...old.rules.map(({ path, isHook, rules }): TakeoverFile => {
      if (isHook) return { path, do: 'delete', lines: [], why: 'the hook that refills the chains' };
      const lines = rules.map(({ line }): [number, number] => [line, line]);
      return { path, do: 'edit', lines, why: `translation by ${formatChains(rules.map(({ chain }) => chain))}` };
    }),
    ...(old.duid && uses
      ? [
          {
            path: old.duid.path,
            do: 'delete' as const,
            lines: [],
            why: 'the identity is in the configuration or made by sixgate',
          },
        ]
      : []),
  ];
}

function formatChains(chains: readonly string[]): string {
  return [...new Set(chains)].join(', ');
}

function xenFiles({ xen }: OldSetup): TakeoverFile[] {
  return [
    ...(xen.config === undefined
      ? []
      : [{ path: xen.config, do: 'delete' as const, lines: [], why: 'its guests are in the proposed configuration' }]),
    ...xen.scripts.map(({ path, isPatched }): TakeoverFile =>
      isPatched
        ? {
            path,
            do: 'edit',
            lines: [],
            why: 'take the calls of vif-route-ipv6 out: "sixgate xen install" needs no patch',
          }
        : { path, do: 'delete', lines: [], why: 'the hook of "sixgate xen install" takes its place' },
    ),
  ];
}
