import { compileWholeFilter } from '../../src/backend/xen/compile-vif-steps.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { ipv6FromWords } from '../../src/core/ipv6.ts';
import { formatPrefix, prefixOf } from '../../src/core/prefix.ts';
import { deriveVifState } from '../../src/engine/xen/derive-vif-state.ts';
import { planOnline } from '../../src/engine/xen/plan-vif.ts';
import type { XenConfig } from '../../src/engine/xen/xen-config.ts';
import { makeCourse } from './course.ts';
import { median } from './statistics.ts';
import { formatTable } from './table.ts';

/** What a Xen host with so many guests costs: by the functions that a starting guest runs, and by nft with their filter. */
export async function guests(directory: string): Promise<string> {
  const course = await makeCourse('guests', directory);
  try {
    const rows: string[][] = [];
    for (const count of [100, 1000, 10_000]) {
      const text = configOf(count);
      const loads = repeat(3, () => void load(text));
      const xen = load(text);
      const vif = { domid: count, devid: 0, kind: 'vif', device: `vif${count}.0`, name: `guest${count - 1}` } as const;
      const plans = repeat(20, () => {
        const state = deriveVifState(xen, vif);
        if (!state.ok || !state.value || planOnline(undefined, state.value).length < 5) throw new Error('no plan');
      });
      const devices = Array.from({ length: count }, (_, at) => `vif${at + 1}.0`);
      const fill = await timed(() => course.exec('router', ['nft', '-f', '-'], compileWholeFilter(devices)));
      const one = [];
      for (let at = 0; at < 5; at++) {
        const add = `add element ip6 sixgate_xen vifs { "vif${count + 1 + at}.0" }\n`;
        one.push(await timed(() => course.exec('router', ['nft', '-f', '-'], add)));
      }
      rows.push([String(count), ...[median(loads), median(plans), median(one), fill].map((ms) => ms.toFixed(1))]);
    }
    return formatTable(
      ['guests', 'configuration read, ms', 'one guest planned', 'one in the filter', 'all in the filter'],
      rows,
    );
  } finally {
    await course.remove();
  }
}

function configOf(count: number): string {
  const lines = Array.from({ length: count }, (_, at) => {
    const prefix = prefixOf(ipv6FromWords([0x2001, 0xdb8, 0, at, 0, 0, 0, 0]), 64);
    return `    guest${at}: { prefixes: ["${formatPrefix(prefix)}"] }`;
  });
  return `xen:\n  guests:\n${lines.join('\n')}\n`;
}

function load(text: string): XenConfig {
  const loaded = loadConfig([{ name: 'config.yaml', text }]);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problem).slice(0, 500));
  if (!loaded.value.config.xen) throw new Error('no guests');
  return loaded.value.config.xen;
}

function repeat(times: number, run: () => void): number[] {
  return Array.from({ length: times }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
