import { describe, expect, test } from 'vitest';
import type { FilterTool, TunnelKind } from '../../src/generate/tunnel/tunnel.ts';
import { generateTunnel } from '../../src/generate/tunnel/generate-tunnel.ts';
import { inNamespace, sandboxed } from './in-namespace.ts';
import { rawPacket } from './raw-packet.ts';
import { fileAt, filesOfCases } from './tunnel-files.ts';

/** The commands in the head of a file, as somebody would copy them. */
function commandsOf(text: string): string {
  return [...text.matchAll(/^# {5}(.*)$/gm)].map(([, command]) => command).join('\n');
}

/** Where the files are, instead of below /etc. */
function relocate(text: string): string {
  return text.replaceAll('/etc/sixgate/', '/run/files/');
}

function byName(files: readonly { path: string; text: string }[]): Record<string, string> {
  const own = files.filter(({ path }) => path.startsWith('/etc/sixgate/'));
  return Object.fromEntries(own.map(({ path, text }) => [path.slice('/etc/sixgate/'.length), relocate(text)]));
}

describe.skipIf(!sandboxed)('the filter of RFC 3964 through the real tools', () => {
  test.each(
    filesOfCases({ target: 'openwrt' }, { filter: 'nftables' }).concat(
      filesOfCases({ target: 'ifupdown' }, { filter: 'nftables' }),
    ),
  )('nft takes it, twice with the same result: $name', ({ files }) => {
    const { text } = fileAt(files, /\.nft$/)!;
    const { code, stdout, stderr } = inNamespace(
      `cd $files; nft -c -f filter && nft -f filter && nft list ruleset > one && nft -f filter && nft list ruleset > two &&
         cmp one two && nft list tables`,
      { filter: text },
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const tables = text.match(/(?<=^table )(ip6?) \S+(?= \{$)/gm);
    expect(stdout.trim().split('\n').sort()).toEqual(tables!.map((table) => `table ${table}`).sort());
  });

  test.each(filesOfCases({ target: 'ifupdown' }, { filter: 'iptables' }))(
    'ip6tables-restore takes it as its own head says, twice with the same result: $name',
    ({ files }) => {
      const own = byName(files);
      const commands = Object.values(own).map(commandsOf).join('\n');
      const { code, stdout, stderr } = inNamespace(
        `set -e; cd $files; run() { ${commands.replaceAll('\n', '\n')}
        }; show() { for t in raw mangle filter; do ip6tables -t $t -S; done; iptables -t raw -S; }
        run; show > one; run; show > two; cmp one two; cat one`,
        own,
      );
      expect(stderr).toBe('');
      expect(code).toBe(0);
      const given = Object.values(own).flatMap((text) => text.match(/^-A .*$/gm)!);
      const standing = stdout.split('\n').filter((line) => line.startsWith('-A six-'));
      expect(standing).toHaveLength(given.length);
    },
  );

  const nft = fileAt(filesOfCases({ target: 'ifupdown' })[0]!.files, /\.nft$/)!.text;
  test.each([
    ['a reject where none is allowed', 'hook output priority filter', 'hook postrouting priority srcnat'],
    ['a rule without its end', 'counter drop\n', 'counter drop '],
    ['a prefix that is too long', '2002::/24,', '2002::/129,'],
    ['a misspelt word', 'icmpv6 no-route', 'icmpv6 noroute'],
  ])('nft refuses a bad twin: %s', (_, from, to) => {
    expect(nft.replace(from, to)).not.toBe(nft);
    const refused = inNamespace('nft -f $files/bad || exit 3', { bad: nft.replace(from, to) });
    expect(refused.code).toBe(3);
  });

  const rules = fileAt(filesOfCases({ target: 'ifupdown' }, { filter: 'iptables' })[0]!.files, /rules6$/)!.text;
  test.each([
    ['a target that is not there', '-j DROP', '-j DORP'],
    ['no COMMIT for a misspelt one', 'COMMIT', 'COMIT'],
    ['a bad prefix', '2002::/24', '2002::/129'],
    ['a chain that was not declared', ':six-tun6to4-in', ':six-tun6to4-on'],
  ])('ip6tables-restore refuses a bad twin: %s', (_, from, to) => {
    expect(rules.replace(from, to)).not.toBe(rules);
    const refused = inNamespace('ip6tables-restore --noflush < $files/bad || exit 3', { bad: rules.replace(from, to) });
    expect(refused.code).toBe(3);
  });
});

/*
 * A host with a device of the tunnel's name that is a veth, since what the filter sees is only IPv6 on it. Neighbours are fixed:
 * their solicitations come from fe80::/10, which no tunnel carries and the filter drops.
 */
const peers = `
ip netns add peer
ip link add tun6to4 type veth peer name wire netns peer
ip link set lo up; ip link set tun6to4 address 02:00:00:00:00:01 up
ip -n peer link set lo up; ip -n peer link set wire address 02:00:00:00:00:02 up
sysctl -qw net.ipv6.conf.tun6to4.accept_dad=0
ip addr add 2002:cb00:7104::1/16 dev tun6to4 nodad
for a in 2002:c633:6407::1 2002:a00:1::1 2002:cb00:7104:9::9 2001:db8::1; do
  ip -n peer addr add $a/128 dev wire nodad
  ip -6 route replace $a/128 dev tun6to4
  ip -6 neigh replace $a lladdr 02:00:00:00:00:02 dev tun6to4
done
ip -n peer -6 route add 2002:cb00:7104::/48 dev wire
for a in 2002:cb00:7104::1 2002:cb00:7105::1; do ip -n peer -6 neigh replace $a lladdr 02:00:00:00:00:01 dev wire; done
`;
const sources = ['2002:c633:6407::1', '2002:a00:1::1', '2002:cb00:7104:9::9', '2001:db8::1'];
/** Inward what arrives is counted, since an answer would have to pass the filter as well; outward an answer is needed. */
const probes = `
nft -f - <<'EOF'
table ip6 seen { chain input { type filter hook input priority 300;
${sources.map((source) => `ip6 saddr ${source} icmpv6 type echo-request counter comment "${source}"`).join('\n')}
}
}
EOF
from() { ip netns exec peer ping -6 -n -c 1 -W 0.3 -I $1 2002:cb00:7104::1 > /dev/null 2>&1; }
to() { ping -6 -n -c 1 -W 0.3 $1 > /dev/null 2>&1 && echo "to $1"; }
for a in ${sources.join(' ')}; do from $a & done
for a in 2002:c633:6407::1 2002:a00:1::1; do to $a & done
wait
nft list table ip6 seen | sed -n 's/.* packets 1 .*comment "\\(.*\\)"/from \\1/p'
`;

function passing(filter?: FilterTool, more: object = {}): string[] {
  const made = generateTunnel({ ipv4: '203.0.113.4', filter, ...more }, { kind: '6to4', target: 'ifupdown' });
  if (!made.ok) throw new Error(made.problem[0]!.message);
  const own = filter === undefined ? {} : byName(made.value.files);
  const { code, stdout, stderr } = inNamespace(
    `set -e; ${peers} ${Object.values(own).map(commandsOf).join('\n')}\nset +e; ${probes}`,
    own,
  );
  if (code !== 0 || stderr !== '') throw new Error(`${code}: ${stderr}`);
  return stdout.trim().split('\n').sort();
}

describe.skipIf(!sandboxed)('what the filter lets through', () => {
  const everything = [
    'from 2002:c633:6407::1',
    'from 2002:a00:1::1',
    'from 2002:cb00:7104:9::9',
    'from 2001:db8::1',
    'to 2002:c633:6407::1',
    'to 2002:a00:1::1',
  ];
  test('without it: everything', () => expect(passing()).toEqual([...everything].sort()));

  test.each(['nftables', 'iptables'] as const)('%s: another site both ways, and nothing forged', (filter) => {
    expect(passing(filter)).toEqual(['from 2002:c633:6407::1', 'to 2002:c633:6407::1']);
  });

  test.each(['nftables', 'iptables'] as const)('%s with a relay: the rest of the Internet as well', (filter) => {
    const passed = ['from 2001:db8::1', 'from 2002:c633:6407::1', 'to 2002:c633:6407::1'];
    expect(passing(filter, { relay: '192.0.2.1' })).toEqual(passed);
  });
});

describe.skipIf(!sandboxed)('outer packets at a site with a relay', () => {
  const sixToFour = { kind: '6to4', intent: { ipv4: '203.0.113.4', relay: '192.0.2.1' } } as const;
  // The prefix ends within the second word, so that both words of the rule matter.
  const sixRd = {
    kind: '6rd',
    intent: { ipv4: '203.0.113.4', prefix: '2001:db8:4000::/34', ipv4MaskLength: 8, relay: '192.0.2.1' },
  } as const;
  const sends = [
    { from: '192.0.2.1', inner: '2a00::1' },
    { from: '192.0.2.2', inner: '2a00::2' },
    { from: '192.0.2.2', inner: '2002:c000:202::3' },
    { from: '192.0.2.2', inner: '2001:db8:4000:2::4' },
    { from: '192.0.2.2', inner: '2001:db8:8000:2::5' },
    { from: '192.0.2.1', inner: '2a00::6', options: true },
  ];
  test.each([
    ['nothing', undefined, sixToFour, [1, 2, 3, 4, 5, 6]],
    ['nftables', 'nftables', sixToFour, [1, 3]],
    ['iptables', 'iptables', sixToFour, [1, 3]],
    ['nftables', 'nftables', sixRd, [1, 4]],
    ['iptables', 'iptables', sixRd, [1, 4]],
  ] as const)(
    'with %s (%s): what is not of a site comes from the relay alone',
    (_, filter, { kind, intent }, expected) => {
      expect(arriving(filter, kind, intent)).toEqual(expected);
    },
  );

  /** The last digit of each inner source that arrives. */
  function arriving(filter: FilterTool | undefined, kind: TunnelKind, intent: object): number[] {
    const made = generateTunnel({ ...intent, filter }, { kind, target: 'ifupdown' });
    if (!made.ok) throw new Error(made.problem[0]!.message);
    const own = filter === undefined ? {} : byName(made.value.files);
    const counters = sends
      .map((_, index) => `ip protocol 41 @nh,${index === 5 ? 376 : 344},8 ${index + 1} counter comment "${index + 1}"`)
      .join('\n');
    const { code, stdout, stderr } = inNamespace(
      `set -e
ip netns add out; ip link add wan type veth peer name wire netns out
ip link set wan up; ip addr add 203.0.113.4/24 dev wan; ip route add 192.0.2.0/24 dev wan
ip -n out link set lo up; ip -n out link set wire up
for a in 192.0.2.1 192.0.2.2; do ip -n out addr add $a/32 dev wire; done; ip -n out route add 203.0.113.0/24 dev wire
${Object.values(own).map(commandsOf).join('\n')}
nft -f - <<'EOF'
table ip seen { chain input { type filter hook input priority 0;
${counters}
}
}
EOF
${sends.map((send) => `ip netns exec out ${rawPacket({ to: '203.0.113.4', ...send })}`).join('\n')}
sleep 0.1
nft list table ip seen`,
      own,
    );
    if (code !== 0 || stderr !== '') throw new Error(`${code}: ${stderr}`);
    return [...stdout.matchAll(/packets 1 .*comment "(\d)"/g)].map(([, digit]) => Number(digit));
  }
});
