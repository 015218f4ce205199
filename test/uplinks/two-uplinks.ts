import type { Report } from '../../src/engine/report.ts';
import { Lab, type LabOptions } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { secondSite, serverAddress } from '../lab/nodes.ts';
import { siteOf } from '../lab/site.ts';
import type { Provider } from '../lab/provider.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { readReport, startGuarded } from '../translate/following.ts';

/** A router with a fiber (eth0) and a mobile line (eth3); the server of the lab tells whether the Internet answers. */
export interface TwoUplinks {
  readonly lab: Lab;
  readonly fiber: Provider;
  readonly lte: Provider;
  readonly daemon: LabProcess;
}

export interface TwoUplinksOptions extends Partial<LabOptions> {
  readonly config?: string;
}

/** One second to see a silence twice, three answers to believe in a recovery. */
export const quickHealth = `health: { targets: ["${serverAddress}"], interval: 1, timeout: 1, down: 2, up: 3 }`;

export function twoUplinksConfig({
  fiber = quickHealth,
  lte = quickHealth,
  prefer = '',
  pinholes = 'allow: [{ to: "lan::10", tcp: [7777], udp: [7777], icmp: true }]',
} = {}): string {
  const own = (iaid: number): string => `prefix: { from: dhcpv6, length: 58, iaid: ${iaid}, firstOffer: true }`;
  return `
uplinks:
  fiber: { interface: eth0, ${own(1)}${fiber && `, ${fiber}`} }
  lte: { interface: eth3, ${own(2)}${lte && `, ${lte}`} }
networks:
  home:
    prefix: fd12:3456:789a::/58
    ${prefer && `prefer: [${prefer}]`}
    subnets:
      lan:     { id: 0, interface: eth1 }
      servers: { id: 1, interface: eth2 }
translate:
  - { network: home, uplink: fiber, ${pinholes} }
  - { network: home, uplink: lte, ${pinholes} }
`;
}

export async function startTwoUplinks({
  config = twoUplinksConfig(),
  ...options
}: TwoUplinksOptions = {}): Promise<TwoUplinks> {
  const long = { valid: 7200, preferred: 3600, renew: 1800, rebind: 2880 };
  const lab = await Lab.start({ name: 'uplinks', secondProvider: true, times: long, ...options });
  try {
    await countStrangers(lab);
    const daemon = await startGuarded(lab, config);
    await waitUntil(`both mappings (${daemon.log()})`, () => (readReport(lab)?.mappings.length ?? 0) >= 2).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}\n${daemon.log()}`);
      },
    );
    return { lab, fiber: lab.provider, lte: lab.provider2!, daemon };
  } catch (error) {
    await lab.stop();
    throw error;
  }
}

/** The uplink that new flows of the network leave by, by the daemon's word. */
export function chosenUplink(lab: Lab): string | null | undefined {
  return networkOf(lab)?.way?.uplink;
}

function networkOf(lab: Lab): Report['networks'][number] | undefined {
  return readReport(lab)?.networks[0];
}

export function waitForUplink(lab: Lab, name: string, timeout = 15_000): Promise<true> {
  return waitUntil(`the network to leave by ${name}`, () => (chosenUplink(lab) === name ? true : undefined), {
    timeout,
  });
}

/** Every packet off each cable whose source the other provider gives out, also of sites that it has left. */
async function countStrangers(lab: Lab): Promise<void> {
  const groups = (first: number) => [0, 1, 2].map((next) => siteOf(first + next).prefix.replace(/:[^:]*::.*/, '::/48'));
  const table = (first: number): string => `table netdev strangers {
  counter seen { }
  chain off { type filter hook ingress device "wan0" priority -400; ip6 saddr { ${groups(first).join(', ')} } counter name seen; }
}
`;
  await lab.exec('provider', ['nft', '-f', '-'], { input: table(secondSite) });
  await lab.exec('provider2', ['nft', '-f', '-'], { input: table(1) });
}

/** Packets with the prefix of the other uplink, on each. */
export async function strangers({ lab }: Pick<TwoUplinks, 'lab'>): Promise<Record<'fiber' | 'lte', number>> {
  const seen = async (node: 'provider' | 'provider2') => {
    const text = await lab.exec(node, ['nft', 'list', 'counters', 'table', 'netdev', 'strangers']);
    return Number(/packets (\d+)/.exec(text)![1]);
  };
  return { fiber: await seen('provider'), lte: await seen('provider2') };
}

/** What no provider may ever see: inside sources, and sources that the other one gave. */
export async function countLeaks({ fiber, lte }: Pick<TwoUplinks, 'fiber' | 'lte'>): Promise<Record<string, number>> {
  const [one, other] = await Promise.all([fiber.counters(), lte.counters()]);
  return {
    'inside on fiber': one.inside,
    'wrong on fiber': one.wrong,
    'inside on lte': other.inside,
    'wrong on lte': other.wrong,
  };
}

export const noLeaks = { 'inside on fiber': 0, 'wrong on fiber': 0, 'inside on lte': 0, 'wrong on lte': 0 };
