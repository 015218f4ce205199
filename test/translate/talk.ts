import { serverAddress } from '../lab/nodes.ts';
import { siteOf } from '../lab/site.ts';
import type { Peer } from './peers.ts';

/** The outside prefix of a site up to the subnet's last digit, as in `2001:db8:a:aa8`. */
export function baseOf(site: number): string {
  return siteOf(site).poolAddress.slice(0, -3);
}

/**
 * Who reaches whom over TCP port 443: out, in to the pinhole of the second LAN, between the LANs by outside addresses, and in
 * to a host without a pinhole. Sources as the other side saw them, or why there was no answer.
 */
export async function talkOver(
  peers: Readonly<Record<'server' | 'lan1' | 'lan2', Peer>>,
  site: number,
  timeout = 1000,
): Promise<(string | undefined)[]> {
  const [lan1, lan2] = [`${baseOf(site)}0::10`, `${baseOf(site)}1::10`];
  const ask = (from: Peer, target: string, patience = timeout) =>
    from.ask({ protocol: 'tcp', target, port: 443, timeout: patience });
  const answers = await Promise.all([
    ask(peers.lan1, serverAddress),
    ask(peers.server, lan2),
    ask(peers.lan1, lan2),
    ask(peers.server, lan1, 200),
  ]);
  return answers.map(({ source, error }) => source ?? error);
}

export function allWell(site: number): string[] {
  return [`${baseOf(site)}0::10`, serverAddress, `${baseOf(site)}0::10`, 'silent'];
}
