import { formatIpv4, ipv4FromNumber, parseIpv4 } from '../../core/ipv4.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { contains } from '../../core/prefix.ts';
import { sixToFourPrefix } from '../../core/sixtofour.ts';
import type { OldSetup, OldStanza } from '../../engine/takeover/old-setup.ts';
import { addressOf } from './address-of.ts';
import type { Takeover, TakeoverFile } from './takeover.ts';

/** Stanzas of ifupdown that make tunnels: the command of sixgate for each, and what goes. */
export function deriveTunnels(old: OldSetup, remarks: string[]): Pick<Takeover, 'commands' | 'files'> {
  const commands: string[] = [];
  const files: TakeoverFile[] = [];
  const stanzas = old.interfaces.flatMap(({ path, stanzas: all }) => all.map((stanza) => ({ path, stanza })));
  for (const { path, stanza } of stanzas) {
    const command = commandFor(
      stanza,
      stanzas.map((each) => each.stanza),
      `${path}:${stanza.line}`,
      remarks,
    );
    if (command === undefined) continue;
    commands.push(command.text);
    const gone = [stanza, ...command.lans];
    const own = gone.filter((each) => stanzas.some((other) => other.path === path && other.stanza === each));
    const lines = own.map(({ line, lastLine }): [number, number] => [line, lastLine]);
    files.push({ path, do: 'edit', lines, why: `${stanza.name} and its subnets, which the command writes anew` });
  }
  return { commands, files };
}

function commandFor(
  stanza: OldStanza,
  all: readonly OldStanza[],
  place: string,
  remarks: string[],
): { readonly text: string; readonly lans: readonly OldStanza[] } | undefined {
  if (stanza.family !== 'inet6' || !['v4tunnel', '6to4', 'sit'].includes(stanza.method)) return undefined;
  const option = (name: string): string | undefined => stanza.options.find((each) => each.name === name)?.value;
  const address = addressOf(stanza);
  const local = option('local');
  const embedded = stanza.method === '6to4' ? parsedIpv4(local) : embeddedIpv4(address?.address);
  if (embedded !== undefined) {
    const relays = [option('gateway'), ...stanza.options.map(({ value }) => value)];
    if (stanza.method === '6to4' || relays.some((value) => value?.includes('192.88.99.1'))) {
      remarks.push(
        `${place}: the relay 192.88.99.1 was withdrawn in 2015 (RFC 7526): other 6to4 sites are reached, the Internet is not`,
      );
    }
    const site = sixToFourPrefix(embedded);
    const lans = all.filter((each) => {
      const own = addressOf(each);
      return each !== stanza && own !== undefined && contains(site, own.address);
    });
    const subnets = lans.map((each) => `--subnet ${(addressOf(each)!.address >> 64n) & 0xffffn}=${each.name}`);
    const behind = local !== undefined && local !== formatIpv4(embedded) && local !== 'any';
    const words = [
      'sixgate generate 6to4 --for ifupdown',
      `--ipv4 ${formatIpv4(embedded)}`,
      ...(behind ? [`--local ${local}`] : []),
      ...(stanza.name === 'tun6to4' ? [] : [`--name ${stanza.name}`]),
      ...subnets,
      '--out /',
    ];
    return { text: words.join(' '), lans };
  }
  const endpoint = option('endpoint');
  if (endpoint === undefined || endpoint === 'any' || !address) return undefined;
  remarks.push(`${place}: ROUTED stands for the prefix that the other end routes to you; it is in no file here`);
  const words = [
    'sixgate generate 6in4 --for ifupdown',
    `--local ${local ?? 'LOCAL'} --remote ${endpoint}`,
    `--address ${formatIpv6(address.address)}/${address.length} --routed ROUTED`,
    ...(stanza.name === 'tun6in4' ? [] : [`--name ${stanza.name}`]),
    '--out /',
  ];
  return { text: words.join(' '), lans: [] };
}

function parsedIpv4(text: string | undefined): ReturnType<typeof ipv4FromNumber> | undefined {
  const read = parseIpv4(text ?? '');
  return read.ok ? read.value : undefined;
}

/** Of an address in 2002::/16. */
function embeddedIpv4(address: bigint | undefined): ReturnType<typeof ipv4FromNumber> | undefined {
  if (address === undefined || address >> 112n !== 0x2002n) return undefined;
  return ipv4FromNumber(Number((address >> 80n) & 0xffffffffn));
}
