import { fail, succeed, type Result } from '../core/result.ts';
import { eventsPath } from '../daemon/paths.ts';
import { parseDhcpcdVersion } from '../generate/uplink/dhcpcd-version.ts';
import { generateUplink, uplinkKeys } from '../generate/uplink/generate-uplink.ts';
import type { UplinkTarget } from '../generate/uplink/uplink-targets.ts';
import type { Processes } from '../host/host.ts';
import { systemProcesses } from '../host/system-processes.ts';
import { deliverGenerated, optionName, readIntent, type IntentOptions } from './generate-intent.ts';
import type { GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { printProblem } from './print-problem.ts';

export async function generateUplinkFiles(
  options: IntentOptions & GlobalOptions & { readonly for: UplinkTarget },
): Promise<number> {
  const read = await readIntent({ ...options }, uplinkKeys);
  if (!read.ok) return printProblem(read.problem);
  let intent = read.value;
  if (options.for === 'dhcpcd' && !('dhcpcdVersion' in intent)) {
    const version = await readDhcpcdVersion(systemProcesses);
    if (!version.ok) return printProblem(version.problem);
    intent = { ...intent, dhcpcdVersion: version.value };
  }
  const request = {
    target: options.for,
    eventsDirectory: eventsPath(pathsOf(options)),
    ...(options.intent === undefined && { nameKey: optionName }),
  };
  return deliverGenerated(generateUplink(intent, request), options);
}

async function readDhcpcdVersion(processes: Processes): Promise<Result<string>> {
  const output = await processes.run({ argv: ['dhcpcd', '--version'] });
  const mend = 'Name the one that reads the files: --dhcpcd-version 10.1.0.';
  if (!output.ok) return fail({ ...output.problem, mend });
  const version = parseDhcpcdVersion(output.value.stdout);
  return version.ok ? succeed(output.value.stdout) : fail({ ...version.problem, mend });
}
