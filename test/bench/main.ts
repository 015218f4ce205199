import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { hookToForce, manyMappings } from './control-path.ts';
import { dataPath } from './data-path.ts';
import type { Effort } from './effort.ts';
import { guests } from './guests.ts';
import { manyInPath } from './many-in-path.ts';
import { offload } from './offload.ts';
import { onTheWire } from './on-the-wire.ts';
import { renewals, sizes, startUp } from './process.ts';
import { buildTraffic, type Traffic } from './traffic.ts';

interface Part {
  readonly title: string;
  run(directory: string, traffic: Traffic, effort: Effort): Promise<string>;
}

const parts: Readonly<Record<string, Part>> = {
  packets: { title: 'Data path, one mapping', run: dataPath },
  path: { title: 'Data path, many mappings', run: manyInPath },
  offload: { title: 'Data path on an emulated machine with flowtables', run: offload },
  hook: { title: "From the client's word to the prefix in force", run: hookToForce },
  wire: { title: 'From the REPLY on the wire to the prefix in force', run: onTheWire },
  mappings: { title: 'Many mappings, changed', run: manyMappings },
  guests: { title: 'Guests of a Xen host', run: guests },
  start: { title: 'Start', run: startUp },
  renewals: { title: 'Renewals', run: renewals },
  sizes: { title: 'Sizes', run: sizes },
};

const thorough: Effort = { rounds: 9, seconds: 0.4, newFlows: 200_000, roundTrips: 10_000, renewals: 120 };
const quick: Effort = { rounds: 5, seconds: 0.2, newFlows: 50_000, roundTrips: 3000, renewals: 20 };

const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith('-'));
const wrong = args.find((arg) => (arg.startsWith('-') ? !['--quick', '--long'].includes(arg) : !(arg in parts)));
if (wrong !== undefined) {
  process.stderr.write(`bench: no "${wrong}"\nusage: bench [${Object.keys(parts).join('] [')}] [--quick | --long]\n`);
  process.exit(2);
}
const long: Effort = { ...thorough, renewals: 3600 };
const effort = args.includes('--quick') ? quick : args.includes('--long') ? long : thorough;
const directory = mkdtempSync(join(tmpdir(), 'sixbench-'));
console.log(`Linux ${release()}, ${cpus().length} cores, ${cpus()[0]!.model.trim()}, Node ${process.version}\n`);
try {
  const traffic = buildTraffic(directory);
  for (const [name, part] of Object.entries(parts)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`## ${part.title}\n`);
    console.log(`${await part.run(directory, traffic, effort)}\n`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
