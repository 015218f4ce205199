import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { waitUntil } from '../lab/wait-until.ts';
import { buildSixgate, executable, Machine, smallRouter, type Running } from './machine.ts';

let machine: Machine;
beforeAll(async () => {
  buildSixgate();
  machine = await Machine.start(smallRouter);
});
afterAll(() => machine?.stop());

const file = '/etc/sixgate/config.yaml';
const kept = '/var/lib/sixgate/last-config.json';
const oldPrefix = '2001:db8:a:aa80::/58';
const newPrefix = '2001:db8:a:bb80::/58';
const config = (prefix: string): string => `# for ${prefix}
uplinks: { dsl: { interface: eth0, prefix: { from: static, prefix: "${prefix}" } } }
networks: { home: { prefix: "fd12:3456:789a::/58", subnets: { lan: { id: 0, interface: eth1 } } } }
`;
const translate = 'translate: [ { network: home, uplink: dsl } ]\n';
const wrong = config(newPrefix).replace('interface: eth0', 'interfaec: eth0');

function write(path: string, text: string): void {
  const { code, stderr } = machine.run(['sh', '-ec', `mkdir -p "$(dirname ${path})"; cat > ${path}`], text);
  if (code !== 0) throw new Error(stderr);
}
const tables = (): string =>
  machine.sh('nft -s list table ip6 sixgate; nft -s list table inet sixgate_guard; ip -6 route show proto 66');
const keptText = (): string => machine.run(['cat', kept]).stdout;
interface State {
  readonly daemon: { readonly guardHeld: boolean };
  readonly mappings: readonly { readonly outside: string }[];
  readonly problems: readonly { readonly code: string; readonly message: string }[];
}
const state = (): State => JSON.parse(machine.sh('cat /run/sixgate/state.json')) as State;
const problems = () => state().problems.map(({ code, message }) => `${code} ${message}`);

let daemon: Running | undefined;
async function start(...options: string[]): Promise<Running> {
  machine.sh('rm -f /run/sixgate/state.json');
  daemon = machine.start([executable, 'run', '--log-format', 'text', ...options]);
  await waitUntil('the guard is held', () => {
    if (daemon!.child.exitCode !== null) throw new Error(daemon!.output());
    return machine.run(['test', '-s', '/run/sixgate/state.json']).code === 0 && state().daemon.guardHeld;
  });
  return daemon;
}
async function stop(): Promise<void> {
  daemon?.child.kill('SIGTERM');
  await daemon?.ended;
  daemon = undefined;
}
/** What a reboot leaves: the disk. */
async function reboot(): Promise<void> {
  await stop();
  machine.sh(`${executable} apply --withdraw; rm -rf /run/sixgate; mkdir /run/sixgate`);
}
const reload = (): void => void daemon!.child.kill('SIGHUP');

let before: string;
beforeEach(async () => {
  machine.sh('rm -rf /run/sixgate /var/lib/sixgate /etc/sixgate; mkdir -p /run/sixgate /var/lib/sixgate');
  write(file, config(oldPrefix));
  write('/etc/sixgate/conf.d/translate.yaml', translate);
  await start('--fall-back');
  await waitUntil('it is kept', () => keptText() !== '');
  before = tables();
});
afterEach(reboot);

test('a start with a wrong file puts in force what was, says so everywhere, and takes the mended file by a reload', async () => {
  expect(problems()).toEqual([]);
  expect(before).toContain(oldPrefix);
  expect(machine.sh(`stat -c '%a %U' ${kept}`)).toBe('640 root\n');
  await reboot();
  write(file, wrong);
  const running = await start('--fall-back');
  expect(tables()).toBe(before);
  const place = `${file}:2:17: `;
  expect(problems()).toEqual([expect.stringMatching(/^config-fallback .* came into force at 20/)]);
  expect(problems()[0]).toContain(place);
  const status = machine.sixgate('status');
  expect(status.code).toBe(3);
  expect(status.stdout).toContain('what runs is the configuration that came into force at');
  expect(status.stdout).toContain('systemctl reload sixgate');
  const doctor = machine.sixgate('doctor');
  expect(doctor.code).toBe(3);
  expect(doctor.stdout).toContain('what runs is the configuration that came into force at');
  expect(running.output()).toContain(`error: ${place}`);

  write(file, `${config(newPrefix)}translations: []\n`);
  reload();
  await waitUntil('the other fault is told', () => problems()[0]!.includes(`${file}:4:1: `));
  expect(problems()[0]).toMatch(/^config-fallback .* came into force at 20/);
  expect(tables()).toBe(before);
  write(file, config(newPrefix));
  reload();
  await waitUntil('the mended file is in force', () => state().mappings.some(({ outside }) => outside === newPrefix));
  await waitUntil('no problem', () => state().problems.length === 0);
  await waitUntil('it is kept', () => keptText().includes(newPrefix));
});

test('also where the file is gone, and one of conf.d is what is wrong', async () => {
  await reboot();
  machine.sh(`rm ${file}`);
  await start('--fall-back');
  expect(tables()).toBe(before);
  expect(problems()).toEqual([expect.stringContaining(`${file}:1:1: there is no such file`)]);
  await reboot();
  write(file, config(newPrefix));
  write('/etc/sixgate/conf.d/translate.yaml', 'translate: [ { network: hoem, uplink: dsl } ]');
  await start('--fall-back');
  expect(tables()).toBe(before);
  expect(problems()).toEqual([expect.stringContaining('/etc/sixgate/conf.d/translate.yaml:1:')]);
});

test('by hand, without --fall-back, a wrong file is told at once and nothing is put in force', async () => {
  await reboot();
  write(file, wrong);
  const ended = machine.sixgate('run', '--config', file);
  expect(ended).toMatchObject({ code: 78, stderr: expect.stringContaining(`${file}:2:17: `) });
  expect(machine.sh('nft list tables')).toBe('');
});

test.each([
  ['there is no copy', `rm ${kept}`, `${kept} is not there`],
  ['the copy is a link', `mv ${kept} /var/lib/copy; ln -s /var/lib/copy ${kept}`, 'it is a symbolic link'],
  ["the copy is another user's", `chown nobody ${kept}`, 'it belongs to another user'],
  [
    'the copy is of a version that wrote it otherwise',
    `sed -i 's/"schemaVersion": 1/"schemaVersion": 2/' ${kept}`,
    'understands',
  ],
])('where %s it ends, loudly', async (_name, spoil, why) => {
  await reboot();
  write(file, wrong);
  machine.sh(spoil);
  const { code, stderr } = machine.sixgate('run', '--fall-back');
  expect(code).toBe(78);
  expect(stderr).toContain('there is no configuration to run in the place of a wrong one');
  expect(stderr).toContain(why);
  expect(stderr).toContain(`${file}:2:17: `);
  expect(machine.sh('nft list tables')).toBe('');
});

test('what is only tried is not kept, what is confirmed is', async () => {
  write('/etc/new.yaml', config(newPrefix));
  const put = async (): Promise<Running> => {
    const trial = machine.startOnTerminal([executable, 'try', '--config', '/etc/new.yaml']);
    await trial.until('Keep it?');
    await waitUntil('it is tried', () => state().mappings.some(({ outside }) => outside === newPrefix));
    return trial;
  };
  const first = await put();
  expect(keptText()).not.toContain(newPrefix);
  first.type('no\n');
  await first.ended;
  expect(keptText()).not.toContain(newPrefix);
  const second = await put();
  second.type('\n');
  expect(await second.ended).toBe(0);
  await waitUntil('it is kept', () => keptText().includes(newPrefix));
});

test('a wrong file at a reload is not kept either', async () => {
  const text = keptText();
  write(file, wrong);
  reload();
  await waitUntil('it is told', () => problems().some((each) => each.startsWith('config-key-missing')));
  expect(keptText()).toBe(text);
  expect(tables()).toBe(before);
});
