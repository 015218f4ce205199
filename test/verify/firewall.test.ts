import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { firewallTargets } from '../../src/generate/firewall/firewall-targets.ts';
import { firewallIntents } from '../../src/testing/firewall-intents.ts';

/** The end of a shell script in a network namespace of its own, with the text on its standard input. */
function inNamespace(script: string, input: string): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync('unshare', ['-n', 'sh', '-c', script], { input, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

const sandboxed = spawnSync('unshare', ['-n', 'true']).status === 0;

describe.skipIf(!sandboxed)('the firewall files through the real tools', () => {
  const nft = firewallTargets.nftables;
  const iptables = firewallTargets.iptables;

  describe.each(Object.keys(firewallIntents))('%s', (name) => {
    const intent = firewallIntents[name]!;

    test('nft takes it beside the own table of an admin, twice, with the same result', () => {
      const script = `
        cat > "$t"; nft -f - <<'EOF' || exit 1
table inet filter { chain forward { type filter hook forward priority 0; policy drop; tcp dport 22 accept; }; }
EOF
        nft -c -f "$t" && nft -f "$t" && nft list ruleset > "$t.1" && nft -f "$t" && nft list ruleset | cmp - "$t.1" &&
        nft add rule inet filter forward jump sixgate_forward && nft list ruleset`;
      const { code, stdout, stderr } = inNamespace(
        `t=$(mktemp); ${script}; r=$?; rm -f "$t" "$t.1"; exit $r`,
        nft(intent).text,
      );
      expect(stderr).toBe('');
      expect(code).toBe(0);
      expect(stdout).toContain('tcp dport 22 accept');
      expect(stdout).toContain('jump sixgate_forward');
    });

    test('ip6tables-restore takes it beside own rules, twice, with the same result', () => {
      const script = `
        cat > "$t"; ip6tables -P FORWARD DROP && ip6tables -A FORWARD -p tcp --dport 22 -j ACCEPT &&
        ip6tables-restore --noflush < "$t" && ip6tables -S > "$t.1" && ip6tables-restore --noflush < "$t" &&
        ip6tables -S | cmp - "$t.1" && ip6tables -I FORWARD -j sixgate-forward && ip6tables -S`;
      const { code, stdout, stderr } = inNamespace(
        `t=$(mktemp); ${script}; r=$?; rm -f "$t" "$t.1"; exit $r`,
        iptables(intent).text,
      );
      expect(stderr).toBe('');
      expect(code).toBe(0);
      expect(stdout).toContain('-A FORWARD -p tcp -m tcp --dport 22 -j ACCEPT');
      const given = iptables(intent)
        .text.split('\n')
        .filter((line) => line.startsWith('-A'));
      expect(stdout.split('\n').filter((line) => line.startsWith('-A sixgate'))).toHaveLength(given.length);
    });
  });

  test('a bad twin is refused by both', () => {
    const good = firewallIntents['pinholes']!;
    const badNft = nft(good).text.replace('dport 443 accept', 'dport 443 acept');
    const badIptables = iptables(good).text.replace('--dport 443', '--dport 443,');
    expect(inNamespace('nft -c -f -', nft(good).text).code).toBe(0);
    expect(inNamespace('nft -c -f -', badNft).code).toBe(1);
    expect(inNamespace('ip6tables-restore --noflush', iptables(good).text).code).toBe(0);
    expect(inNamespace('ip6tables-restore --noflush', badIptables).code).not.toBe(0);
  });
});
