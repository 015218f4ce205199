import { parseInterfaceName } from '../core/interface-name.ts';
import type { Problem } from '../core/problem.ts';
import { quote } from '../core/quote.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import { eventsPath } from '../daemon/paths.ts';
import { parseDhcpcdVersion, type DhcpcdVersion } from '../generate/uplink/dhcpcd-version.ts';
import { uplinkTargets, type UplinkTarget } from '../generate/uplink/uplink-targets.ts';
import type { Processes } from '../host/host.ts';
import { systemProcesses } from '../host/system-processes.ts';
import { deliverFiles, type DeliveryOptions } from './deliver-files.ts';
import type { GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { printProblem } from './print-problem.ts';

export async function generateUplinkFiles(
  options: DeliveryOptions &
    GlobalOptions & {
      readonly for: UplinkTarget;
      readonly interface: string;
      readonly length: string;
      readonly dhcpcdVersion?: string | undefined;
    },
): Promise<number> {
  const name = parseInterfaceName(options.interface);
  if (!name.ok) return printProblem(name.problem);
  // dhcpcd reads "allowinterfaces" as patterns between blanks and commas, ifupdown likewise.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name.value)) return printProblem(unusualName(name.value));
  const length = parseLength(options.length);
  if (!length.ok) return printProblem(length.problem);
  const given = options.dhcpcdVersion;
  // The stanza of ifupdown is the same for every dhcpcd.
  const version: Result<DhcpcdVersion> =
    given !== undefined
      ? parseDhcpcdVersion(given)
      : options.for === 'dhcpcd'
        ? await readDhcpcdVersion(systemProcesses)
        : succeed([0, 0, 0]);
  if (!version.ok) return printProblem(version.problem);
  const files = uplinkTargets[options.for]({
    interface: name.value,
    length: length.value,
    eventsDirectory: eventsPath(pathsOf(options)),
    dhcpcdVersion: version.value,
  });
  return deliverFiles(files, options);
}

function unusualName(name: string): Problem {
  return { code: 'interface-name', message: `${quote(name)} has characters that dhcpcd or ifupdown would misread` };
}

function parseLength(text: string): Result<number> {
  const value = /^[0-9]{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 20 && value <= 64) return succeed(value);
  return fail({
    code: 'prefix-length',
    message: `${quote(text)} is not the length of a prefix that a provider delegates (20 to 64)`,
    mend: 'Ask for what the provider offers: 56 and 60 are usual.',
  });
}

async function readDhcpcdVersion(processes: Processes): Promise<Result<DhcpcdVersion>> {
  const output = await processes.run({ argv: ['dhcpcd', '--version'] });
  const mend = 'Name the one that reads the files: --dhcpcd-version 10.1.0.';
  if (!output.ok) return fail({ ...output.problem, mend });
  const version = parseDhcpcdVersion(output.value.stdout);
  return version.ok ? version : fail({ ...version.problem, mend });
}
