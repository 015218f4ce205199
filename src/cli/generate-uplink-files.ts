import { eventsPath } from '../daemon/paths.ts';
import { generateUplink, uplinkKeys } from '../generate/uplink/generate-uplink.ts';
import type { UplinkTarget } from '../generate/uplink/uplink-targets.ts';
import { systemProcesses } from '../host/system-processes.ts';
import { deliverGenerated, optionName, readIntent, type IntentOptions } from './generate-intent.ts';
import type { GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { printProblem } from './print-problem.ts';
import { readDhcpcdVersion } from './read-dhcpcd-version.ts';

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
