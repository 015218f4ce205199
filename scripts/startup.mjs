/**
 * How long `sixgate map` takes beside the smallest program that Node can run, both from spawn to exit and in turns, so
 * that whatever else the machine does hits both.
 *
 *   node scripts/startup.mjs [--runs N] [LIMIT]
 *
 * Prints both medians in ms and their ratio; ends with 1 where the ratio is above LIMIT.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '60' } },
  allowPositionals: true,
});
const sixgate = join(fileURLToPath(new URL('..', import.meta.url)), 'bin', 'sixgate');
const map = ['map', 'fd12:3456:789a::10', '--inside', 'fd12:3456:789a::/48', '--outside', '2001:db8::/48'];
const contestants = [
  { name: 'node -e 0', program: 'node', args: ['-e', '0'], expected: '', times: [] },
  { name: 'sixgate map', program: sixgate, args: map, expected: '2001:db8::10\n', times: [] },
];

function run({ name, program, args, expected, times }) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  times.push(performance.now() - start);
  if (status !== 0 || stdout !== expected) {
    console.error(`${name}: exit code ${status}, printed ${JSON.stringify(stdout)}\n${stderr}`);
    process.exit(1);
  }
}

// The first runs fill the caches and are not counted.
for (let round = -3; round < Number(values.runs); round++) {
  if (round === 0) for (const contestant of contestants) contestant.times.length = 0;
  for (const contestant of contestants) run(contestant);
}
const medians = contestants.map(({ times }) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)]);
const ratio = medians[1] / medians[0];
for (const [index, { name }] of contestants.entries())
  console.log(`${name.padEnd(12)} ${medians[index].toFixed(1)} ms`);
console.log(`${'ratio'.padEnd(12)} ${ratio.toFixed(3)}`);
const limit = positionals[0] === undefined ? Infinity : Number(positionals[0]);
if (!(ratio <= limit)) {
  console.error(`above ${positionals[0]}`);
  process.exitCode = 1;
}
