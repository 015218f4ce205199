import type { Expected } from './case-files.ts';
import type { Host } from '../../qemu/inside/host.ts';

interface Link {
  readonly mtu: number;
  readonly flags: readonly string[];
  readonly linkinfo: { readonly info_kind: string; readonly info_data: LinkData };
}

interface LinkData {
  readonly local?: string;
  readonly remote?: string;
  readonly ttl?: number;
  readonly prefix?: string;
  readonly prefixlen?: number;
  readonly relay_prefix?: string;
  readonly relay_prefixlen?: number;
}

interface Addresses {
  readonly addr_info: readonly {
    readonly family: string;
    readonly local: string;
    readonly prefixlen: number;
    readonly scope: string;
  }[];
}

interface Route {
  readonly dst: string;
  readonly gateway?: string;
  readonly type?: string;
}

/** What the kernel has after a tool was at work; throws the difference to the model. */
export async function compareWithModel(host: Host, expected: Expected): Promise<void> {
  const { name } = expected;
  const [link] = await host.json<Link[]>(['ip', '-d', '-j', 'link', 'show', 'dev', name]);
  // One process: each line of its output answers one of its input. (A "link" before them would change what they show.)
  const text = await host.ok(['ip', '-j', '-6', '-batch', '-'], {
    input: `address show dev ${name}\nroute show dev ${name}\nroute show type unreachable\n`,
  });
  const lines = text.trim().split('\n');
  const [[addresses], own, unreachable] = lines.map((line) => JSON.parse(line) as unknown) as [
    Addresses[],
    Route[],
    Route[],
  ];
  const data: LinkData = link?.linkinfo.info_data ?? {};
  expectEqual('ip -j', view(), {
    kind: 'sit',
    up: true,
    mtu: expected.mtu,
    local: expected.local,
    remote: expected.remote ?? 'any',
    ttl: expected.ttl,
    addresses: [expected.address],
    default: expected.gateway,
    unreachable: expected.unreachable.toSorted(),
    sixRd: expected.sixRd?.prefix ?? '2002::/16',
    common: expected.sixRd?.common ?? '0.0.0.0/0',
  });

  function view(): Record<string, unknown> {
    return {
      kind: link?.linkinfo.info_kind,
      up: link?.flags.includes('UP'),
      mtu: link?.mtu,
      local: data.local,
      remote: data.remote,
      ttl: data.ttl,
      // The kernel adds ::LOCAL/96 (RFC 4213), NetworkManager a link-local address.
      addresses: (addresses?.addr_info ?? [])
        .filter(({ local, prefixlen, scope }) => scope !== 'link' && !(prefixlen === 96 && local.startsWith('::')))
        .map(({ local, prefixlen }) => `${local}/${prefixlen}`),
      default: own.find(({ dst }) => dst === 'default')?.gateway,
      unreachable: unreachable.map(({ dst }) => dst).toSorted(),
      ...sixRdOf(data),
    };
  }
}

/** The kernel's own 6rd prefix is that of 6to4; nothing is said of an IPv4 part that is not left out. */
function sixRdOf(data: LinkData): Record<string, unknown> {
  const { prefix, prefixlen, relay_prefix: common, relay_prefixlen: length } = data;
  return { sixRd: `${prefix}/${prefixlen}`, common: common === undefined ? '0.0.0.0/0' : `${common}/${length}` };
}

export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [actual, expected].map((value) => JSON.stringify(value, undefined, 1));
  if (is !== should) throw new Error(`${what}: expected ${should}\nbut it is ${is}`);
}
