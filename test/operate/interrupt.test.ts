import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSixgate, executable, Machine } from './machine.ts';

/** Ctrl-C at any moment leaves what was or what was asked for, never something between. */
let machine: Machine;
beforeAll(async () => {
  buildSixgate();
  machine = await Machine.start(
    'for name in eth0 eth1; do ip link add $name type veth peer name p$name; ip link set $name up; ip link set p$name up; done',
  );
});
afterAll(() => machine?.stop());

const config = (prefix: string): string => `
uplinks: { dsl: { interface: eth0, prefix: { from: static, prefix: "${prefix}" } } }
networks: { home: { prefix: "fd12:3456:789a::/58", subnets: { lan: { id: 0, interface: eth1 } } } }
translate: [ { network: home, uplink: dsl } ]
`;
const write = (path: string, text: string): void =>
  void machine.run(['sh', '-ec', `mkdir -p $(dirname ${path}); cat > ${path}`], text);

/** Moments from before it has begun to after it has ended; a run takes about `length` milliseconds. */
function moments(length: number): number[] {
  return Array.from({ length: 12 }, (_, index) => Math.round((length * (index + 0.5)) / 11));
}

/** Runs and is interrupted after a while, as by Ctrl-C: the whole group of processes gets the signal. */
async function interrupt(args: readonly string[], after: number): Promise<void> {
  const running = machine.startOnTerminal([executable, ...args]);
  await sleep(after);
  running.type('\u0003');
  await running.ended;
}

async function lengthOf(args: readonly string[]): Promise<number> {
  const began = performance.now();
  await machine.startOnTerminal([executable, ...args]).ended;
  return performance.now() - began;
}

beforeEach(() => {
  machine.sh('rm -rf /etc/sixgate /run/out /etc/sysctl.d/60-sixgate.conf');
  write('/etc/sixgate/old.yaml', config('2001:db8:a:aa80::/58'));
  write('/etc/sixgate/new.yaml', config('2001:db8:a:bb80::/58'));
});

const kernel = (): string =>
  machine.sh(
    'for each in "inet sixgate_guard" "ip6 sixgate"; do nft -s list table $each 2>/dev/null || true; done; ip -6 route show proto 66',
  );

test('apply: the old prefix or the new one', async () => {
  const apply = (which: string): string[] => ['apply', '--config', `/etc/sixgate/${which}.yaml`];
  machine.sixgate(...apply('new'));
  const wanted = kernel();
  machine.sixgate(...apply('old'));
  const before = kernel();
  const length = 2 * (await lengthOf(apply('old'))); // a change takes longer than none
  const seen = new Set<string>();
  for (const after of moments(length)) {
    machine.sixgate(...apply('old'));
    await interrupt(apply('new'), after);
    const now = kernel();
    const state = now === before ? 'old' : now === wanted ? 'new' : undefined;
    expect(state, now).toBeDefined();
    seen.add(state!);
    machine.sixgate(...apply('new'));
    expect(kernel()).toBe(wanted);
  }
  expect(seen).toEqual(new Set(['old', 'new']));
});

test('apply interrupted between two of its steps takes the second one too', async () => {
  machine.sixgate('apply', '--config', '/etc/sixgate/old.yaml');
  const wanted = kernel();
  machine.sixgate('apply', '--withdraw');
  // Routes are there already when the tables are made.
  machine.sh(`mkdir -p /run/slow; cat > /run/slow/nft <<'END'
#!/bin/sh
case "$*" in *-f*) touch /run/slow/began; sleep 4 ;; esac
exec /usr/sbin/nft "$@"
END
chmod +x /run/slow/nft`);
  const running = machine.startOnTerminal([
    'sh',
    '-c',
    `PATH=/run/slow:$PATH exec ${executable} apply --config /etc/sixgate/old.yaml`,
  ]);
  await running.until(/applying \(\d s\)/);
  machine.sh('rm /run/slow/began /run/slow/nft');
  expect(machine.sh('ip -6 route show proto 66')).not.toBe('');
  running.type('\u0003');
  await running.until('what is under way is ended first');
  expect(await running.ended).toBe(0);
  expect(kernel()).toBe(wanted);
});

test('apply takes the old routes away also where what does it is ended by the same Ctrl-C', async () => {
  machine.sixgate('apply', '--config', '/etc/sixgate/new.yaml');
  const wanted = kernel();
  machine.sixgate('apply', '--config', '/etc/sixgate/old.yaml');
  machine.sh(`mkdir -p /run/ended; cat > /run/ended/ip <<'END'
#!/bin/sh
case "$*" in *-batch*) ;; *) exec /usr/sbin/ip "$@" ;; esac
text=$(cat)
case $text in *"route del"*) ! mkdir /run/ended/once 2>/dev/null || kill -INT $$ ;; esac
printf '%s\\n' "$text" | exec /usr/sbin/ip "$@"
END
chmod +x /run/ended/ip`);
  machine.sh(`PATH=/run/ended:$PATH ${executable} apply --config /etc/sixgate/new.yaml; test -d /run/ended/once`);
  expect(kernel()).toBe(wanted);
});

test.each([
  ['init', ['init', '--yes', '--uplink', 'eth0', '--lan', 'eth1', '--prefix', 'fd12:3456:789a::/56']],
  [
    'generate --out',
    [
      'generate',
      'uplink',
      '--for',
      'dhcpcd',
      '--dhcpcd-version',
      '9.4.1',
      '--interface',
      'eth0',
      '--length',
      '56',
      '--out',
      '/run/out',
    ],
  ],
])('%s: each file is there whole or not at all', async (_, args) => {
  const files = (): string =>
    machine.sh(
      'find /etc/sixgate /etc/sysctl.d/60-sixgate.conf /run/out -type f ! -name old.yaml ! -name new.yaml 2>/dev/null | sort | xargs -r md5sum',
    );
  const clean = (): string => machine.sh('rm -rf /run/out /etc/sixgate/config.yaml /etc/sysctl.d/60-sixgate.conf');
  const length = await lengthOf(args);
  const whole = files().split('\n');
  expect(whole.length).toBeGreaterThan(2);
  for (const after of moments(length)) {
    clean();
    await interrupt(args, after);
    const odd = files()
      .split('\n')
      .filter((line) => line !== '' && !whole.includes(line) && !line.endsWith('.tmp'));
    expect(odd).toEqual([]);
  }
  clean();
  await machine.startOnTerminal([executable, ...args]).ended;
  expect(
    files()
      .split('\n')
      .filter((line) => !line.endsWith('.tmp')),
  ).toEqual(whole);
});

test('xen install: what was or what is wanted; a second run ends it, and uninstall takes all of it away', async () => {
  machine.sh('mkdir -p /etc/xen/scripts');
  const args = ['xen', 'install'];
  const state = (): string =>
    machine.sh('find /etc/xen /etc/sixgate -type f ! -name "*.yaml" ! -name "*.tmp" | sort | xargs -r md5sum');
  const before = state();
  const length = await lengthOf(args);
  const whole = state();
  for (const after of moments(length).slice(2, 10)) {
    machine.sixgate('xen', 'uninstall');
    await interrupt(args, after);
    const odd = state()
      .split('\n')
      .filter((line) => !whole.includes(line));
    expect(odd).toEqual([]);
    machine.sixgate(...args);
    expect(state()).toBe(whole);
  }
  machine.sixgate('xen', 'uninstall');
  expect(state()).toBe(before);
});

test.each([
  ['doctor', ['doctor'], 'looking at this machine'],
  ['check', ['check'], 'looking at this machine'],
  ['report', ['report', '--out', '/run/report'], 'looking at this machine'],
  ['init', ['init', '--json'], 'looking at this machine'],
  ['plan', ['plan'], 'looking at the kernel'],
  ['trace', ['trace', 'fd12:3456:789a::10'], 'looking at the kernel'],
  ['try', ['try', '--timeout', '1s'], 'looking at the kernel'],
  ['apply', ['apply'], 'applying'],
  ['apply --withdraw', ['apply', '--withdraw'], 'taking it away'],
])('%s that takes longer than a second says so', async (_name, args, what) => {
  const running = machine.startOnTerminal(slowly(args));
  await running.until(new RegExp(`${what} \\(\\d s\\)`));
  expect(typeof (await running.ended)).toBe('number');
});

test('but on a terminal only', () => {
  const { code, stderr } = machine.run(slowly(['plan']));
  expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
});

/** With tools that take their time. */
function slowly(args: readonly string[]): readonly string[] {
  for (const tool of ['nft', 'ss', 'ip']) {
    write(`/run/slow/${tool}`, `#!/bin/sh\nsleep 1.5\nexec ${machine.sh(`command -v ${tool}`).trim()} "$@"\n`);
  }
  machine.sh('chmod +x /run/slow/*');
  return ['sh', '-c', `PATH=/run/slow:$PATH exec ${executable} ${args.join(' ')} --config /etc/sixgate/old.yaml`];
}
