import { readHostFacts } from '../daemon/doctor/read-host-facts.ts';
import { readXenFacts } from '../daemon/xen/read-xen-facts.ts';
import { runChecks, type GroupedFinding } from '../engine/doctor/checks.ts';
import { runXenChecks } from '../engine/xen/checks/xen-checks.ts';
import { hookPath } from '../generate/xen-hotplug/hotplug-files.ts';
import { systemHost } from '../host/system-host.ts';
import { usualConfig, type GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { version } from './version.ts';

/** All checks of the doctor. */
export async function examineHost(
  globals: GlobalOptions,
  dhcpcdConf = '/etc/dhcpcd.conf',
): Promise<readonly GroupedFinding[]> {
  const facts = await readHostFacts({
    host: systemHost,
    paths: pathsOf(globals),
    dhcpcdConf,
    version,
    nodeVersion: process.version,
    configUnneeded: globals.config === usualConfig,
  });
  const xen = facts.config.valid ? facts.config.config.xen : undefined;
  return [
    ...runChecks(facts),
    ...(xen
      ? runXenChecks(await readXenFacts(systemHost, { runtimeDir: globals.runtimeDir, hook: hookPath }, xen), xen)
      : []),
  ];
}
