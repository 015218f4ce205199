import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { waitUntil } from '../lab/wait-until.ts';
import { buildSixgate, executable, Machine, type Running } from './machine.ts';
import { startFlow, type Flow } from './flow.ts';

/** A host inside and one outside, each in a namespace within the machine's; somebody else's tables. */
const interfaces = `
ip netns add inside; ip netns add outside
ip link add eth0 type veth peer name eth0 netns outside
ip link add eth1 type veth peer name eth0 netns inside
for name in eth0 eth1; do ip link set $name up; done
for space in inside outside; do ip -n $space link set eth0 up; ip -n $space link set lo up; done
ip -6 address add 2001:db8:1::2/64 dev eth0 nodad
ip -6 address add fd12:3456:789a::1/64 dev eth1 nodad
ip -n outside -6 address add 2001:db8:1::1/64 dev eth0 nodad
ip -n outside -6 route add 2001:db8:a::/48 via 2001:db8:1::2
ip -n inside -6 address add fd12:3456:789a::10/64 dev eth0 nodad
ip -n inside -6 route add default via fd12:3456:789a::1
ip -6 route add default via 2001:db8:1::1
sysctl -qw net.ipv6.conf.all.forwarding=1
nft -f - <<END
table inet others {
	counter seen { packets 7 bytes 700 }
	set banned { type ipv6_addr; flags timeout; elements = { 2001:db8:9::9 timeout 1d } }
	chain input { type filter hook input priority 0; policy accept; ip6 saddr @banned counter name "seen" drop; }
}
table ip6 others {
	chain postrouting { type nat hook postrouting priority 99; policy accept; }
}
END`;

let machine: Machine;
let flow: Flow;
beforeAll(async () => {
  buildSixgate();
  machine = await Machine.start(interfaces);
  await waitUntil(
    'all addresses are usable',
    () => machine.sh('ip -6 address') !== '' && !machine.sh('ip -6 address').includes('tentative'),
  );
  flow = await startFlow(machine, { inside: 'inside', outside: 'outside', towards: '2001:db8:1::1' });
});
afterAll(async () => {
  await flow?.stop();
  await machine?.stop();
});

const file = '/etc/sixgate/config.yaml';
const candidate = '/etc/new.yaml';
const oldPrefix = '2001:db8:a:aa80::/58';
const newPrefix = '2001:db8:a:bb80::/58';
const oldSource = '2001:db8:a:aa80::10';
const newSource = '2001:db8:a:bb80::10';
const config = (prefix: string): string => `# for ${prefix}
uplinks: { dsl: { interface: eth0, prefix: { from: static, prefix: "${prefix}" } } }
networks: { home: { prefix: "fd12:3456:789a::/58", subnets: { lan: { id: 0, interface: eth1 } } } }
translate: [ { network: home, uplink: dsl } ]
`;
const write = (path: string, text: string): void => {
  const { code, stderr } = machine.run(['sh', '-ec', `mkdir -p "$(dirname ${path})"; cat > ${path}`], text);
  if (code !== 0) throw new Error(stderr);
};
const read = (path: string): string => machine.sh(`cat ${path}`);

/**
 * Everything that could be different afterwards, tables by their names: one that is made anew is listed last. Foreign tables with their counts; expiry
 * times go on by themselves, and so do the numbers of held copies.
 */
function kernel(): string {
  return machine
    .sh(`
for table in $(nft list tables | sort | sed 's/table //; s/ /:/'); do
  case $table in inet:sixgate*|ip6:sixgate*) stateless=-s ;; *) stateless= ;; esac
  nft $stateless list table $(echo $table | tr : ' ') | sed -E 's/ expires [0-9a-z]+//'
done | cat
nft list tables | sort
ip -6 route show table all | sed -E 's/ expires [0-9]+sec//' | sort; ip -6 rule; ip -4 route; ip -br link`)
    .replaceAll(/sixgate_held_\d+/g, 'sixgate_held');
}

let before: string;
let daemon: Running | undefined;
const tryIt = (...args: string[]): Running => machine.startOnTerminal([executable, 'try', ...args]);
const pidOf = (pattern: string): string =>
  machine
    .sh(`for each in /proc/[0-9]*; do
    tr '\\0' ' ' < $each/cmdline 2>/dev/null | grep -q -- ${JSON.stringify(pattern)} || continue
    [ "$(readlink $each/ns/net)" = "$(readlink /proc/self/ns/net)" ] && [ "$(cat $each/comm)" = node ] && echo "\${each#/proc/}"
  done; true`)
    .trim();
const kill = (pattern: string): string => machine.sh(`kill -KILL ${pidOf(pattern)}`);
/** The held copy of the guard comes a moment later than the rest. */
const isBack = () =>
  waitUntil('the kernel as before', () => kernel() === before, { timeout: 10_000, interval: 100 }).catch(() =>
    expect(kernel()).toBe(before),
  );

async function startDaemon(): Promise<void> {
  daemon = machine.start([executable, 'run']);
  await waitUntil('the daemon reports', () => machine.run(['test', '-s', '/run/sixgate/state.json']).code === 0, {
    timeout: 10_000,
  });
  // What comes later (the held guard) stands too.
  await waitUntil('the guard is held', () => machine.sh('nft list tables').includes('sixgate_held'));
}

async function stopDaemon(): Promise<void> {
  daemon?.child.kill('SIGTERM');
  await daemon?.ended;
  daemon = undefined;
}

beforeEach(() => {
  machine.sh('rm -rf /run/sixgate /var/lib/sixgate /etc/sixgate; mkdir -p /run/sixgate /var/lib/sixgate');
  write(file, config(oldPrefix));
  write(candidate, config(newPrefix));
  machine.sh(`chmod 640 ${file}`);
});
afterEach(async () => {
  await stopDaemon();
  machine.sh(`${executable} apply --withdraw`);
});

describe.each(['without a daemon', 'with a daemon'])('%s', (kind) => {
  beforeEach(async () => {
    if (kind === 'with a daemon') await startDaemon();
    else machine.sh(`${executable} apply`);
    await flow.arrivesFrom(oldSource);
    before = kernel();
  });

  async function put(): Promise<Running> {
    const trial = tryIt('--config', candidate, '--timeout', '60s');
    await trial.until('It is in force. Keep it?');
    expect(kernel()).not.toBe(before);
    await flow.arrivesFrom(newSource);
    return trial;
  }
  async function isAsBefore(): Promise<void> {
    await isBack();
    expect(read(file)).toBe(config(oldPrefix));
    const isGone = () => machine.run(['ls', '/run/sixgate/try.sock']).code !== 0;
    await waitUntil('the socket of the trial is gone', isGone);
    await flow.arrivesFrom(oldSource);
  }

  test('its time is over', async () => {
    const trial = tryIt('--config', candidate, '--timeout', '2s');
    await trial.until('back in 1 s');
    await flow.arrivesFrom(newSource);
    expect(await trial.ended).toBe(3);
    expect(trial.output()).toContain('all is as it was before: it was not confirmed in time');
    await isAsBefore();
  });

  test('Enter keeps it, and the file takes its place with owner and mode', async () => {
    const trial = await put();
    trial.type('\n');
    expect(await trial.ended).toBe(0);
    await flow.arrivesFrom(newSource);
    expect(read(file)).toBe(config(newPrefix));
    expect(machine.sh(`stat -c '%a %U' ${file}`)).toBe('640 root\n');
    // The route of the old prefix lingers for a moment where a daemon runs.
    await waitUntil('in sync', () => machine.sixgate('plan').code === 0, { timeout: 20_000, interval: 500 });
    if (daemon) {
      machine.sh(`kill -HUP ${pidOf('sixgate run')}`);
      await daemon.until('read again');
      await flow.arrivesFrom(newSource);
    }
  });

  test('no, and Ctrl-C', async () => {
    for (const word of ['no\n', '\u0003']) {
      const trial = await put();
      trial.type(word);
      expect(await trial.ended).toBe(3);
      await isAsBefore();
    }
  });

  test('confirmed or taken back from another session', async () => {
    expect(machine.sixgate('try', '--confirm')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no config'),
    });
    const first = await put();
    expect(machine.sixgate('try', '--config', candidate)).toMatchObject({ code: 75 });
    expect(machine.sixgate('try', '--cancel').code).toBe(0);
    expect(await first.ended).toBe(3);
    await isAsBefore();
    const second = await put();
    expect(machine.sixgate('try', '--confirm')).toMatchObject({ code: 0, stdout: expect.stringContaining(file) });
    expect(await second.ended).toBe(0);
    expect(read(file)).toBe(config(newPrefix));
  });

  test('the session dies: SIGHUP', async () => {
    const trial = await put();
    // The terminal is closed.
    trial.child.kill('SIGKILL');
    await isAsBefore();
    expect(pidOf('try --keeper')).toBe('');
  });

  test('the command is killed', async () => {
    const trial = await put();
    kill('try --config');
    expect(await trial.ended).not.toBe(0);
    await isAsBefore();
  });

  test('the process that keeps the trial is killed', async () => {
    const trial = await put();
    kill('try --keeper');
    expect(await trial.ended).toBe(3);
    await isAsBefore();
  });

  test('a configuration that is wrong changes nothing', async () => {
    write(candidate, config('2001:db8:a:aa81::/58'));
    const ended = machine.sixgate('try', '--config', candidate);
    expect(ended).toMatchObject({ code: 78, stderr: expect.stringContaining(`${candidate}:2:`) });
    expect(kernel()).toBe(before);
  });

  test('chains in ip6tables go again', async () => {
    write(candidate, `backend: ip6tables\n${config(newPrefix)}`);
    const trial = tryIt('--config', candidate, '--timeout', '3s');
    await trial.until('Keep it?');
    expect(machine.sh('ip6tables-save')).toContain('SIXGATE');
    expect(await trial.ended).toBe(3);
    expect(machine.sh('ip6tables-save')).not.toContain('SIXGATE');
    // What ip6tables itself made, empty, is left.
    machine.sh('for table in nat mangle filter raw; do nft delete table ip6 $table 2>/dev/null || true; done');
    await isAsBefore();
  });

  test('what is in force already is not tried', () => {
    expect(machine.sixgate('try')).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to do') });
  });
});

describe('a daemon', () => {
  beforeEach(async () => {
    await startDaemon();
    await flow.arrivesFrom(oldSource);
    before = kernel();
  });

  test('is killed meanwhile: the kernel is as before without it', async () => {
    const trial = tryIt('--config', candidate, '--timeout', '60s');
    await trial.until('Keep it?');
    await flow.arrivesFrom(newSource);
    kill('sixgate run');
    expect(await trial.ended).toBe(3);
    // The held copy of the guard ends with it.
    const without = (text: string): string => text.replaceAll(/table inet sixgate_held( \{[^]*?\n\})?\n/g, '');
    await waitUntil('the kernel as before', () => without(kernel()) === without(before), { timeout: 10_000 });
    await flow.arrivesFrom(oldSource);
  });

  test('and the command are killed: who keeps the trial takes it back', async () => {
    const trial = tryIt('--config', candidate, '--timeout', '60s');
    await trial.until('Keep it?');
    machine.sh(`kill -KILL ${pidOf('try --config')} ${pidOf('sixgate run')}`);
    await trial.ended;
    await flow.arrivesFrom(oldSource);
    expect(pidOf('try --')).toBe('');
  });

  test('that starts anew goes back even where the file in use was edited', async () => {
    write(file, config(newPrefix));
    const trial = tryIt('--timeout', '60s');
    await trial.until('Keep it?');
    await flow.arrivesFrom(newSource);
    machine.sh(`kill -KILL ${pidOf('try --timeout')} ${pidOf('try --keeper')} ${pidOf('sixgate run')}`);
    await trial.ended;
    await startDaemon();
    await flow.arrivesFrom(oldSource);
    expect(machine.sixgate('status').stdout).toContain('was tried and never confirmed');
    machine.sh(`kill -HUP ${pidOf('sixgate run')}`);
    await flow.arrivesFrom(newSource);
    expect(machine.sixgate('status').stdout).not.toContain('never confirmed');
  });

  test('and all others are killed, and the machine boots again: what was tried does not come back before somebody says so', async () => {
    write(file, config(newPrefix));
    const trial = tryIt('--timeout', '60s');
    await trial.until('Keep it?');
    await flow.arrivesFrom(newSource);
    machine.sh(`kill -KILL ${pidOf('try --timeout')} ${pidOf('try --keeper')} ${pidOf('sixgate run')}`);
    await trial.ended;
    const applied = machine.sixgate('apply');
    expect(applied).toMatchObject({ code: 1, stderr: expect.stringContaining('never confirmed') });
    await flow.arrivesFrom(oldSource);
    machine.sh('rm -rf /run/sixgate; mkdir /run/sixgate');
    for (const start of [1, 2]) {
      await startDaemon();
      await flow.arrivesFrom(oldSource);
      expect(machine.sixgate('status').stdout, `start ${start}`).toContain('was tried and never confirmed');
      await stopDaemon();
    }
    expect(machine.sixgate('try', '--confirm')).toMatchObject({ code: 0 });
    expect(machine.sixgate('apply').code).toBe(0);
    await flow.arrivesFrom(newSource);
    expect(machine.sixgate('try', '--confirm')).toMatchObject({ code: 3 });
  });

  test('a reload with a wrong file changes nothing: the trial goes on, and goes back', async () => {
    const trial = tryIt('--config', candidate, '--timeout', '60s');
    await trial.until('Keep it?');
    write(file, read(file).replace('interface: eth0', 'interfaec: eth0'));
    machine.sh(`kill -HUP ${pidOf('sixgate run')}`);
    await waitUntil('the problem', () => machine.sixgate('status').stdout.includes('config-'));
    await flow.arrivesFrom(newSource);
    machine.sixgate('try', '--cancel');
    expect(await trial.ended).toBe(3);
    await flow.arrivesFrom(oldSource);
    await isBack();
  });

  test('a reload ends a trial: the files count', async () => {
    const trial = tryIt('--config', candidate, '--timeout', '60s');
    await trial.until('Keep it?');
    machine.sh(`kill -HUP ${pidOf('sixgate run')}`);
    await flow.arrivesFrom(oldSource);
    trial.type('\n');
    expect(await trial.ended).not.toBe(0);
    await flow.arrivesFrom(oldSource);
  });
});

test('a prefix that was told is known again after a trial without its uplink', async () => {
  const told = config(oldPrefix).replace(/from: static[^}]*/, 'from: hook ');
  write(file, told);
  await startDaemon();
  machine.sh(`${executable} event --uplink dsl --prefix ${oldPrefix} --preferred 1800 --valid 3600`);
  await flow.arrivesFrom(oldSource);
  before = kernel();
  write(
    candidate,
    'uplinks: { other: { interface: eth9, prefix: { from: hook } } }\n' +
      told.split('\n').slice(2, 3).join('') +
      '\ntranslate: [ { network: home, uplink: other } ]\n',
  );
  const trial = tryIt('--config', candidate, '--timeout', '3s');
  await trial.until('Keep it?');
  expect(await trial.ended).toBe(3);
  await isBack();
  await flow.arrivesFrom(oldSource);
  await stopDaemon();
  await startDaemon();
  await flow.arrivesFrom(oldSource);
});

test('where nothing of ours was there, nothing is afterwards', async () => {
  before = kernel();
  expect(before).not.toContain('sixgate');
  const trial = tryIt('--timeout', '2s');
  await trial.until('Keep it?');
  await flow.arrivesFrom(oldSource);
  expect(await trial.ended).toBe(3);
  expect(kernel()).toBe(before);
});

test.each(['0s', '3 parsecs', '48h', '86401'])('a time of %j is refused', (time) => {
  expect(machine.sixgate('try', '--timeout', time)).toMatchObject({ code: 2 });
});
