import { radvdConfigPath } from '../daemon/paths.ts';
import { readConfig } from '../daemon/read-config.ts';
import { deriveLanIntent } from '../generate/lan/lan-intent.ts';
import { lanTargets, type LanTarget } from '../generate/lan/lan-targets.ts';
import { systemFiles } from '../host/system-files.ts';
import { deliverFiles, type DeliveryOptions } from './deliver-files.ts';
import type { GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { printInvalidConfig } from './print-invalid-config.ts';

export async function generateLanFiles(
  options: DeliveryOptions & GlobalOptions & { readonly for: LanTarget },
): Promise<number> {
  const read = await readConfig(systemFiles, options.config);
  if (!read.ok) return printInvalidConfig(read.problem);
  const intent = deriveLanIntent(read.value.config, radvdConfigPath(pathsOf(options)));
  return deliverFiles(lanTargets[options.for](intent), options);
}
