/**
 * Runs the parts of the check and counts tests over all of them. A machine that QEMU emulates takes one processor: such parts run
 * beside the others, and two at a time once those are done, except beside those that measure time, which have the whole machine for
 * themselves at the end.
 *
 *   check [--fast] [--long] [--list] [NAME...]     NAME: a part, or test/FOLDER/FILE without what stands behind FILE's first dot
 *
 * --long tries far more cases where cases are made at random (test/faults, test/fuzz): hours instead of a minute or two.
 *
 * Where a few tests of a part with a world of its own fail, their files are run once more at the end, alone: a machine that is
 * short of processor breaks promises that are about time. Both outcomes are shown, and the second one counts.
 *
 * A folder test/NAME with a *.test.ts in it is a part called NAME; nothing has to be registered.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules/.bin');
const results = join(root, '.cache/check');

/** @typedef {{ name: string, fast: boolean, run(env?: NodeJS.ProcessEnv): Promise<Outcome> }} Part */
/** @typedef {{ passed: number, failed: number, skipped: number, output: string, names?: string[], again?: () => Promise<Outcome> }} Outcome */

/** These need no namespace and take seconds; every other folder is a world of its own and runs file by file. */
const fastFolders = ['cli'];

/** In the order in which they run beside everything else, the longest first. */
const machines = ['systemd', 'xenvm', 'vm', 'offload', 'qemu'];

/** Their tests compare moments with one another. */
const measuring = ['bench', 'dhcpv6', 'failover', 'faults', 'translate', 'uplinks', 'demo'];

/** @returns {Part[]} */
function findParts() {
  const folders = readdirSync(join(root, 'test'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join(root, 'test', entry.name)).some(isTest))
    .map(({ name }) => name)
    .toSorted((one, other) => rank(one) - rank(other) || one.localeCompare(other));
  return [
    { name: 'types', fast: true, run: () => runTool(['tsc', '-b']) },
    { name: 'lint', fast: true, run: () => runTool(['oxlint', '--type-aware', '--deny-warnings']) },
    { name: 'format', fast: true, run: () => runTool(['oxfmt', '--check']) },
    { name: 'unused', fast: true, run: () => runTool(['knip']) },
    { name: 'unit', fast: true, run: () => runTests('unit', ['src']) },
    ...folders.map((name) => {
      const fast = fastFolders.includes(name);
      return { name, fast, run: (env) => runTests(name, [`test/${name}/`, ...(fast ? [] : oneByOne)], env) };
    }),
    ...(existsSync(join(root, 'demo')) ? [{ name: 'demo', fast: false, run: () => runDemo() }] : []),
  ];
}

/** Traffic and clocks: two files at once would measure each other. */
const oneByOne = ['--no-file-parallelism', '--testTimeout=300000', '--hookTimeout=60000'];

function rank(folder) {
  return fastFolders.includes(folder) ? 0 : 1;
}

function isTest(file) {
  return file.endsWith('.test.ts');
}

/** One test: it ends with 0. */
async function runTool([tool, ...args]) {
  const { code, output } = await run(tool.includes('/') ? tool : join(bin, tool), args);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, output };
}

async function runDemo() {
  const demo = () => runTool([join(root, 'demo'), '--fast']);
  return { ...(await demo()), again: demo };
}

async function runTests(name, args, more = {}) {
  const file = join(results, `${name.replaceAll('/', '-')}.json`);
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { code, output } = await run(join(bin, 'vitest'), ['run', ...reporters, ...args], more);
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, output };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const passed = report.numPassedTests;
  const skipped = report.numPendingTests + report.numTodoTests;
  // A file that cannot even be loaded has no tests; it counts as one that failed, and so does any other bad end.
  const suites = report.testResults.filter((suite) => suite.status === 'failed');
  const unloaded = suites.filter((suite) => suite.assertionResults.length === 0);
  const failed = report.numFailedTests + unloaded.length;
  const files = suites.map((suite) => suite.name);
  const names = suites.flatMap((suite) =>
    unloaded.includes(suite) ? [suite.name] : rootsOf(suite).map((test) => test.fullName),
  );
  const again = () => runTests(`${name}-again`, [...files, ...args.filter((arg) => arg.startsWith('-'))]);
  return {
    passed,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped,
    output,
    ...(files.length > 0 && { names, again }),
  };
}

/** Failed tests without those that failed for the same reason, or say of themselves that one before them is why. */
function rootsOf(suite) {
  const reasons = new Set();
  return suite.assertionResults.filter(({ status, failureMessages }) => {
    const [reason = ''] = failureMessages;
    if (status !== 'failed' || reason.includes('before this: ') || reasons.has(reason)) return false;
    reasons.add(reason);
    return true;
  });
}

/** @returns {Promise<{ code: number | null, output: string }>} */
function run(program, args, more = {}) {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...(long && { SIXGATE_LONG: '1' }), ...more };
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.on('error', (error) => resolve({ code: null, output: `${program}: ${error.message}` }));
    child.on('close', (code) => {
      current.delete(child);
      resolve({ code, output });
    });
    current.add(child);
  });
}

/** What runs now. */
const current = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const child of current) child.kill('SIGTERM');
    process.exit(130);
  });
}

/** @returns {Part[]} */
function select(parts, names) {
  return names.map((name) => {
    const part = parts.find((each) => each.name === name);
    if (part) return part;
    const [folder, file] = name.split('/');
    const path = `test/${folder}/${file}.`;
    if (file && parts.some((each) => each.name === folder)) {
      return {
        name,
        fast: false,
        run: () => runTests(name, [path, ...(fastFolders.includes(folder) ? [] : oneByOne)]),
      };
    }
    process.stderr.write(`check: no part "${name}"; there are: ${parts.map((each) => each.name).join(' ')}\n`);
    process.exit(2);
  });
}

const args = process.argv.slice(2);
const usage = `usage: check [--fast] [--long] [--list] [NAME...]
  --fast   only the parts that take seconds
  --long   far more random cases in "faults" and "fuzz": hours
  --list   names the parts
`;
const unknown = args.find((arg) => arg.startsWith('-') && !['--fast', '--long', '--list', '--help'].includes(arg));
if (unknown !== undefined) {
  process.stderr.write(`check: no option ${unknown}\n${usage}`);
  process.exit(2);
}
if (args.includes('--help')) {
  process.stdout.write(usage);
  process.exit(0);
}
const long = args.includes('--long');
const all = findParts();
const names = args.filter((arg) => !arg.startsWith('-'));
const chosen = (names.length > 0 ? select(all, names) : all).filter((part) => !args.includes('--fast') || part.fast);
if (args.includes('--list')) {
  for (const { name, fast } of chosen) console.log(fast ? `${name} (fast)` : name);
  process.exit(0);
}

mkdirSync(results, { recursive: true });
const clearLine = '\r\u001b[K';
const total = { passed: 0, failed: 0, skipped: 0 };
const live = process.stdout.isTTY;
const began = new Map();
/** More failures than these in a part, each with a reason of its own, are no accident. */
const few = 3;
/** Parts with so few failures that their files deserve a second look, alone. */
const doubtful = [];
/** What stays failed, told once more at the end: the output of a part may be long ago by then. */
const broken = [];
const inLane =
  (lane) =>
  ({ name }) =>
    lane.includes(name);
const beside = chosen
  .filter(inLane(machines))
  .toSorted((one, other) => machines.indexOf(one.name) - machines.indexOf(other.name));
const fast = chosen.filter((part) => part.fast);
const others = chosen.filter((part) => !part.fast && !inLane([...machines, ...measuring])(part));
await runInTurn(fast);
await Promise.all([
  runInTurn(takeFrom(beside)),
  runInTurn(others).then(() => runInTurn(takeFrom(beside), { SIXGATE_VM_LANE: 'second' })),
]);
await runInTurn(chosen.filter(inLane(measuring)));
await runAgain();
for (const each of broken) console.log(`failed in ${each}`);
console.log(count(total));
process.exit(total.failed > 0 ? 1 : 0);

/** Each part goes to the lane that asks for it first. */
function* takeFrom(parts) {
  for (let part = parts.shift(); part; part = parts.shift()) yield part;
}

/** `env` is what they get beside the environment of this process. */
async function runInTurn(parts, env = {}) {
  for (const part of parts) {
    began.set(part.name, performance.now());
    showRunning();
    const outcome = await part.run(env);
    const seconds = ((performance.now() - began.get(part.name)) / 1000).toFixed(1);
    began.delete(part.name);
    for (const key of ['passed', 'failed', 'skipped']) total[key] += outcome[key];
    console.log(`${live ? clearLine : ''}${part.name.padEnd(12)} ${count(outcome)}  ${seconds} s`);
    if (outcome.failed > 0 || long) console.log(outcome.output.trimEnd().replaceAll(/^/gm, '  | '));
    if (!part.fast && outcome.again && outcome.failed > 0 && (outcome.names ?? []).length <= few)
      doubtful.push({ name: part.name, outcome });
    else tellAtEnd(part.name, outcome);
    showRunning();
  }
}

/** @param {Outcome} outcome */
function tellAtEnd(name, { failed, names }) {
  if (failed > 0) broken.push(`${name}: ${names?.join('; ') ?? `${failed} failed`}`);
}

async function runAgain() {
  for (const { name, outcome } of doubtful) {
    began.set(name, performance.now());
    showRunning();
    const second = await outcome.again();
    const { failed, output } = second;
    began.delete(name);
    const verdict = failed === 0 ? `${outcome.failed} that failed passed alone` : `${failed} failed alone, too`;
    console.log(`${live ? clearLine : ''}${name.padEnd(12)} again: ${verdict}`);
    if (failed > 0) console.log(output.trimEnd().replaceAll(/^/gm, '  | '));
    tellAtEnd(name, second);
    const mended = Math.max(0, outcome.failed - failed);
    total.failed -= mended;
    total.passed += mended;
  }
}

/** On a terminal: what runs now, in a line that the next one takes the place of. */
function showRunning() {
  if (live && began.size > 0) process.stdout.write(`${clearLine}${[...began.keys()].join(', ')} ...`);
}

function count({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
