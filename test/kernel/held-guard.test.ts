import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsePrefix } from '../../src/core/prefix.ts';
import { holdGuard } from '../../src/daemon/held-guard.ts';
import { observeKernel } from '../../src/daemon/observe-kernel.ts';
import type { Config } from '../../src/engine/config.ts';
import type { FollowedCommand } from '../../src/host/host.ts';
import { systemHost } from '../../src/host/system-host.ts';
import { makeNamespace } from './namespace.ts';

const inside = parsePrefix('fd12:3456:789a::/58');
if (!inside.ok) throw new Error(inside.problem.message);
const config: Config = {
  uplinks: [{ name: 'dsl', interface: 'eth0', source: { from: 'dhcpcd' } }],
  networks: [{ name: 'home', prefix: inside.value, subnets: [] }],
  translations: [],
};

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 3000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('it did not come about within 3 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('the held copy survives a flush of the ruleset and nobody else can change it', async () => {
  const namespace = makeNamespace();
  const { exec, processes } = namespace;
  const names = async (): Promise<readonly string[]> => (await observeKernel(processes)).tableNames;
  let lost = '';
  const guard = holdGuard({ ...systemHost, processes }, config, {}, 0, (how) => (lost = how));
  try {
    await until(async () => (await names()).includes(guard.table));
    const list = ['nft', 'list', 'table', ...guard.table.split(' ')];
    const complete = (): boolean => exec(list).split('drop comment').length === 5;
    await until(async () => complete());
    const before = exec(list);
    expect(before).toContain('fd12:3456:789a::/58');
    exec(['nft', 'flush', 'ruleset']);
    expect(exec(list)).toBe(before);
    expect(() => exec(['nft', 'delete', 'table', ...guard.table.split(' ')])).toThrow(/not permitted/);
    await guard.stop();
    await until(async () => !(await names()).includes(guard.table));
    expect(lost).toBe('');
  } finally {
    await guard.stop();
    namespace.remove();
  }
});

test("what the held copy is told is not in the history of root's own `nft -i`", () => {
  const namespace = makeNamespace();
  const home = mkdtempSync(join(tmpdir(), 'sixgate-home-'));
  let started: FollowedCommand | undefined;
  let told = '';
  const follow = (command: FollowedCommand) => {
    started = command;
    return { pid: undefined, write: (text: string) => void (told += text), stop: async () => {} };
  };
  /** Its input ends when we do. */
  const left = (env: FollowedCommand['env']): string[] => {
    const args = ['netns', 'exec', namespace.name, ...started!.argv];
    const output = execFileSync('ip', args, {
      input: told,
      encoding: 'utf8',
      env: { ...process.env, HOME: home, ...env },
    });
    expect(output).toContain('sixgate_held_0');
    return readdirSync(home);
  };
  try {
    holdGuard({ ...systemHost, processes: { ...systemHost.processes, follow } }, config, {}, 0, () => {});
    expect(left(started?.env)).toEqual([]);
    expect(left({})).toEqual(['.nft.history']);
  } finally {
    rmSync(home, { recursive: true });
    namespace.remove();
  }
});
