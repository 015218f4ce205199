import { fail, succeed, type Result } from '../core/result.ts';
import { parseDhcpcdVersion } from '../generate/uplink/dhcpcd-version.ts';
import type { Processes } from '../host/host.ts';

/** What the installed dhcpcd says of its version, after it was found to be one. */
export async function readDhcpcdVersion(processes: Processes): Promise<Result<string>> {
  const output = await processes.run({ argv: ['dhcpcd', '--version'] });
  const mend = 'Name the one that reads the files: --dhcpcd-version 10.1.0.';
  if (!output.ok) return fail({ ...output.problem, mend });
  const version = parseDhcpcdVersion(output.value.stdout);
  return version.ok ? succeed(output.value.stdout) : fail({ ...version.problem, mend });
}
