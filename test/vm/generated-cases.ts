import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatIpv4 } from '../../src/core/ipv4.ts';
import { formatIpv4Prefix } from '../../src/core/ipv4-prefix.ts';
import { formatIpv6 } from '../../src/core/ipv6.ts';
import { formatPrefix } from '../../src/core/prefix.ts';
import { readTunnel } from '../../src/generate/tunnel/read-tunnel.ts';
import type { Tunnel } from '../../src/generate/tunnel/tunnel.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { runChecked } from '../lab/run-command.ts';
import type { Expected } from './guest/case-files.ts';
import { cases, type Case } from './guest/cases.ts';

/** Every case's files under `directory`/NAME, as the command line writes them, and beside them what the model says. */
export async function writeCases(directory: string): Promise<void> {
  await Promise.all(Object.entries<Case>(cases).map(([name, each]) => writeCase(join(directory, name), each)));
}

async function writeCase(out: string, { kind, target, intent }: Case): Promise<void> {
  mkdirSync(out, { recursive: true });
  await runChecked(
    [join(repositoryRoot, 'bin/sixgate'), 'generate', kind, '--for', target, '--intent', '-', '--out', out],
    { input: JSON.stringify(intent) },
  );
  if (kind === 'nat-gateway') return;
  const tunnel = readTunnel(kind, intent, (key) => key);
  if (!tunnel.ok) throw new Error(`${out}: ${tunnel.problem.map(({ message }) => message).join('; ')}`);
  writeFileSync(`${out}.json`, JSON.stringify(expect(tunnel.value)));
}

function expect(tunnel: Tunnel): Expected {
  const { name, local, remote, ttl, mtu, address, onLinkLength, gateway, relay, unreachable, sixRd } = tunnel;
  return {
    name,
    local: formatIpv4(local),
    ...(remote !== undefined && { remote: formatIpv4(remote) }),
    ttl,
    mtu,
    address: `${formatIpv6(address)}/${onLinkLength}`,
    // `ip` writes the last 32 bits of ::/96 as IPv4.
    ...(gateway !== undefined && { gateway: relay === undefined ? formatIpv6(gateway) : `::${formatIpv4(relay)}` }),
    unreachable: unreachable.map(formatPrefix),
    ...(sixRd !== undefined && {
      sixRd: { prefix: formatPrefix(sixRd.prefix), common: formatIpv4Prefix(sixRd.common) },
    }),
  };
}
