import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/engine/report.ts';
import type { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { waitUntil } from '../lab/wait-until.ts';

export const inside = 'fd12:3456:789a::/58';

export interface ConfigOptions {
  /** Lines of a translation beyond network and uplink, as in `inbound: allow`. */
  readonly translation?: string;
  readonly length?: number;
}

/** The example of the documentation, for the lab's interfaces. */
export function configText({ translation = '', length = 58 }: ConfigOptions = {}): string {
  return `
uplinks:
  dsl:
    interface: eth0
    prefix: { from: dhcpcd, length: ${length} }
networks:
  home:
    prefix: ${inside}
    subnets:
      lan:     { id: 0, interface: eth1 }
      servers: { id: 1, interface: eth2 }
translate:
  - { network: home, uplink: dsl${translation && `, ${translation}`} }
`;
}

/** What the daemon wrote last; undefined before that. */
export function readReport(lab: Lab): Report | undefined {
  try {
    return JSON.parse(readFileSync(join(lab.router.shell.directory, 'run/state.json'), 'utf8')) as Report;
  } catch {
    return undefined;
  }
}

/** The prefix that new flows leave with, by the daemon's word. */
export function currentPrefix(lab: Lab): string | undefined {
  return readReport(lab)?.mappings.find(({ direction }) => direction === 'both')?.outside;
}

/** Starts the daemon and waits until its guard stands and is held. */
export async function startGuarded(
  lab: Lab,
  config = configText(),
  options: Parameters<Lab['router']['startSixgate']>[1] = {},
): Promise<LabProcess> {
  const daemon = lab.router.startSixgate(config, options);
  await waitUntil(
    `the held guard (${daemon.log()})`,
    () => readReport(lab)?.daemon.guardHeld === true && readReport(lab)?.daemon.pid === daemon.pid,
  );
  return daemon;
}

/** Starts the daemon, then dhcpcd, and waits for the mapping. */
export async function startFollowing(lab: Lab, config = configText()): Promise<LabProcess> {
  const daemon = await startGuarded(lab, config);
  const client = await lab.router.startGeneratedDhcpcd();
  await waitForMapping(lab, (prefix) => prefix !== undefined).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${daemon.log()}\n${client.log()}`);
  });
  return daemon;
}

export function waitForMapping(
  lab: Lab,
  test: (prefix: string | undefined) => boolean,
  timeout = 10_000,
): Promise<true> {
  return waitUntil('the mapping', () => (test(currentPrefix(lab)) ? true : undefined), { timeout }).catch(
    (error: unknown) => {
      const { uplinks, problems } = readReport(lab) ?? {};
      throw new Error(`${String(error)}\n${JSON.stringify({ uplinks, problems })}`);
    },
  );
}
