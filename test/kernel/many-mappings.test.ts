import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { compileScript } from '../../src/backend/nft/compile-script.ts';
import { compileWanted } from '../../src/backend/nft/wanted-tables.ts';
import { observeKernel } from '../../src/daemon/observe-kernel.ts';
import { deriveDesired } from '../../src/engine/desired.ts';
import { plan } from '../../src/engine/plan.ts';
import { subnetAt } from '../../src/core/prefix.ts';
import { homeConfig, homeDelegation, now, prefix } from '../../src/testing/healthy-host.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { makeNamespace, type Namespace } from './namespace.ts';

const inside = prefix('fd12:3456:789a::/48');

function inNamespace(check: (namespace: Namespace) => Promise<void>): () => Promise<void> {
  return async () => {
    const namespace = makeNamespace();
    try {
      await check(namespace);
    } finally {
      namespace.remove();
    }
  };
}

test(
  'of a large table only those sets are read whose elements can have changed',
  { timeout: 30_000 },
  inNamespace(async ({ processes, exec }) => {
    const subnets = Array.from({ length: 600 }, (_, id) => ({
      name: `s${id}`,
      id,
      prefix: subnetAt(inside, BigInt(id))!,
    }));
    const network = { name: 'home', prefix: inside, subnets };
    const config = { ...homeConfig, networks: [network], translations: [{ ...homeConfig.translations[0]!, network }] };
    const wanted = compileWanted(
      deriveDesired(config, [{ ...homeDelegation, prefix: prefix('2001:db8:a::/52') }], now),
    );
    const nothing = { known: true, value: { tables: [], routes: [] } } as const;
    exec(['nft', '-f', '-'], compileScript(plan(nothing, wanted, [inside]).steps));

    const seen = await observeKernel(processes);
    exec(
      ['nft', '-f', '-'],
      'delete element ip6 sixgate mapped64_dsl { fd12:3456:789a:5:: }\nadd element ip6 sixgate out_dsl { fd99::/48 : 2001:db8:99::/48 }\n',
    );
    const before = { seen, doubted: new Set(['ip6 sixgate mapped64_dsl', 'ip6 sixgate out_dsl']) };
    const asked: string[] = [];
    const counting: typeof processes = {
      ...processes,
      run(command) {
        asked.push(command.argv.join(' '));
        return processes.run(command);
      },
    };
    const part = await observeKernel(counting, [], undefined, before);
    expect(asked.filter((command) => command.includes('ip6 sixgate')).sort()).toEqual([
      'nft -j list map ip6 sixgate out_dsl',
      'nft -j list set ip6 sixgate mapped64_dsl',
    ]);
    expect(part).toMatchObject({ partly: true, state: (await observeKernel(processes)).state });
    expect(plan(part.state, wanted, [inside]).steps.map((step) => step.do)).toContain('change-elements');

    // A table that is gone meanwhile is seen to be gone.
    exec(['nft', 'delete table ip6 sixgate']);
    const after = await observeKernel(processes, [], undefined, before);
    expect(after.state.known && after.state.value.tables.map(({ key }) => key)).toEqual(['inet sixgate_guard']);
  }),
);

test(
  'what others do to one of thousands of mappings is undone',
  { timeout: 60_000 },
  inNamespace(async ({ name, exec }) => {
    const directory = mkdtempSync(join(tmpdir(), 'sixgate-many-'));
    const subnets = Array.from({ length: 2000 }, (_, id) => `      s${id}: { id: ${id} }`).join('\n');
    writeFileSync(
      join(directory, 'config.yaml'),
      `uplinks:
  dsl: { interface: lo, prefix: { from: static, prefix: "2001:db8:a::/52" } }
networks:
  home:
    prefix: "fd12:3456:789a::/48"
    subnets:
${subnets}
translate: [{ network: home, uplink: dsl }]
`,
    );
    const where = ['config.yaml', 'run', 'state'].map((name) => join(directory, name)) as [string, string, string];
    const options = ['--config', where[0], '--runtime-dir', where[1], '--state-dir', where[2]];
    const argv = [join(repositoryRoot, 'bin/sixgate'), 'run', ...options];
    const daemon = spawn('ip', ['netns', 'exec', name, ...argv], { stdio: 'ignore' });
    const ended = new Promise((resolve) => daemon.once('exit', resolve));
    const map = (): string => exec(['nft', 'list', 'map', 'ip6', 'sixgate', 'out64_dsl']);
    const holds = (element: string): boolean => new RegExp(`${element}[,\\s]`).test(map());
    const quietly = (read: () => boolean): boolean => {
      try {
        return read();
      } catch {
        return false;
      }
    };
    try {
      const one = 'fd12:3456:789a:7:: : 2001:db8:a:7::/64';
      await expect.poll(() => quietly(() => holds(one)), { timeout: 20_000 }).toBe(true);
      for (const script of [
        `delete element ip6 sixgate out64_dsl { ${one} }`,
        `delete element ip6 sixgate out64_dsl { ${one} }\nadd element ip6 sixgate out64_dsl { fd12:3456:789a:7:: : 2001:db8:bad::/64 }`,
        'add element ip6 sixgate out64_dsl { fd12:3456:789b:: : 2001:db8:bad::/64 }',
        'flush map ip6 sixgate out64_dsl',
        'delete table ip6 sixgate',
      ]) {
        // Until then it looks by itself: at what it did, and once more when its monitors have begun to listen.
        await sleep(1500);
        exec(['nft', '-f', '-'], script);
        await expect.poll(() => quietly(() => holds(one) && !map().includes('bad')), { timeout: 10_000 }).toBe(true);
      }
    } finally {
      daemon.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true });
    }
  }),
);
