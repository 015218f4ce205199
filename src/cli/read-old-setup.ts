import { join } from 'node:path';
import { parseDhcpcdConfig } from '../backend/dhcpcd/parse-dhcpcd-config.ts';
import { parseIfupdown } from '../backend/takeover/parse-ifupdown.ts';
import { parseNetmapRules } from '../backend/takeover/parse-netmap-rules.ts';
import { succeed, type Result } from '../core/result.ts';
import type { OldSetup } from '../engine/takeover/old-setup.ts';
import type { Files } from '../host/host.ts';

/** Where how-tos and Debian put things, from the root of the machine. */
const places = {
  dhcpcd: '/etc/dhcpcd.conf',
  duid: ['/etc/dhcpcd.duid', '/var/lib/dhcpcd/duid', '/var/lib/dhcpcd5/duid'],
  rules: ['/etc/iptables/rules.v6', '/etc/ip6tables.rules', '/etc/rc.local', '/etc/network/if-pre-up.d/ip6tables'],
  interfaces: '/etc/network/interfaces',
  xenConfig: '/etc/xen/ipv6.cfg',
  xenScripts: ['/etc/xen/scripts/vif-route-ipv6', '/etc/xen/scripts/vif-route'],
} as const;

/** Reads what is there of an old set-up, below `root`; `more`: files with rules that stand elsewhere. Changes nothing. */
export async function readOldSetup(
  files: Files,
  root: string,
  more: readonly string[],
): Promise<Result<OldSetup & { readonly xenText: string | undefined }>> {
  const texts = new Map<string, string>();
  const extra = await files.list(join(root, '/etc/network/interfaces.d'));
  const interfaces = [
    places.interfaces,
    ...(extra.ok
      ? extra.value.filter((name) => /^[\w-]+$/.test(name)).map((name) => `/etc/network/interfaces.d/${name}`)
      : []),
  ];
  const wanted = [
    places.dhcpcd,
    ...places.duid,
    ...places.rules,
    ...interfaces,
    places.xenConfig,
    ...places.xenScripts,
    ...more,
  ];
  for (const path of wanted) {
    const failed = await read(path);
    if (failed) return { ok: false, problem: failed };
  }
  const options = parseDhcpcdConfig(texts.get(places.dhcpcd) ?? '');
  const scripts = options
    .filter(({ name, value }) => name === 'script' && value.startsWith('/'))
    .map(({ value }) => value);
  for (const path of scripts) {
    const failed = await read(path);
    if (failed) return { ok: false, problem: failed };
  }
  const duid = places.duid.find((path) => texts.has(path));
  const hooks = new Set(scripts);
  const rules = [...new Set([...scripts, ...places.rules, ...more])].flatMap((path) => {
    const found = parseNetmapRules(texts.get(path) ?? '');
    return found.length === 0 ? [] : [{ path, isHook: hooks.has(path), rules: found }];
  });
  return succeed({
    dhcpcd: texts.has(places.dhcpcd) ? { path: places.dhcpcd, options } : undefined,
    duid: duid === undefined ? undefined : { path: duid, text: texts.get(duid)! },
    rules,
    interfaces: interfaces.flatMap((path) =>
      texts.has(path) ? [{ path, stanzas: parseIfupdown(texts.get(path)!) }] : [],
    ),
    xen: {
      config: texts.has(places.xenConfig) ? places.xenConfig : undefined,
      scripts: places.xenScripts.flatMap((path) => {
        const text = texts.get(path);
        const isPatched = path.endsWith('/vif-route');
        return text === undefined || (isPatched && !text.includes('vif-route-ipv6')) ? [] : [{ path, isPatched }];
      }),
    },
    xenText: texts.get(places.xenConfig),
  });

  async function read(path: string): Promise<(Result<never> & { ok: false })['problem'] | undefined> {
    const text = await files.read(join(root, path));
    if (!text.ok) return text.problem;
    if (text.value !== undefined) texts.set(path, text.value);
    return undefined;
  }
}
