import { waitUntil } from '../../../qemu/inside/wait-until.ts';
import { expectText } from '../expect-text.ts';
import { leftBehind } from '../left-behind.ts';
import type { Scene } from '../scene.ts';

export const hookTime: Scene = {
  name: 'the time that a guest waits for the hook',
  setUp: (lab) => lab.install(),
  checks: [
    {
      name: 'is far from the 40 s that Xen allows, at 500 million instructions a second',
      async run(lab) {
        const path = `backend/vif/${await lab.guest('mydomu1').domid()}/0`;
        const measure = async (...argv: string[]): Promise<number> => {
          const start = performance.now();
          await lab.dom0.ok(argv);
          return Math.round(performance.now() - start);
        };
        const node = await measure('node', '-e', '0');
        const hook = await measure(
          'node',
          '/sixgate/dist/main.cjs',
          'xen',
          'vif',
          'online',
          '--path',
          path,
          '--type',
          'vif',
        );
        console.log(`the hook takes ${hook} ms, of which starting Node ${node} ms`);
        if (hook > 5000) throw new Error(`${hook} ms`);
      },
    },
  ],
};

export const nothingLeft: Scene = {
  name: 'all guests are destroyed',
  async setUp(lab) {
    await lab.install();
    await lab.sixgate('xen', 'sync');
  },
  checks: [
    {
      name: 'there were routes, proxy NDP, elements of the filter and records',
      async run(lab) {
        const there = await leftBehind(lab.dom0);
        expectText(there, /dev vif\d+\.0/);
        expectText(there, 'elements = {');
        expectText(there, /^\d+-0\.json$/m);
      },
    },
    {
      name: 'nothing of that is left',
      async run(lab) {
        const names = await lab.running();
        await Promise.all(names.map((name) => lab.dom0.ok(['xl', 'destroy', name])));
        await waitUntil('nothing is left', 300_000, async () => (await leftBehind(lab.dom0)) || undefined);
      },
    },
  ],
};
