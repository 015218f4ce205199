import type { Scene } from '../scene.ts';

export const judgements: Scene = {
  name: 'what systemd says of the units as they run',
  checks: [
    {
      name: 'exposure: at most 2.0, each',
      async run({ router }) {
        for (const unit of ['sixgate.service', 'sixgate-serve.service']) {
          const text = await router.sh(`systemd-analyze security --no-pager ${unit} | tail -n 1`);
          const level = Number(/ ([0-9.]+) /.exec(text)?.[1]);
          if (!(level <= 2)) throw new Error(text);
        }
      },
    },
    {
      name: 'nothing in them that it does not know, and no failed unit on the machine',
      async run({ router }) {
        const said = await router.sh('systemd-analyze verify --man=no sixgate.service sixgate-serve.service 2>&1');
        const ours = said.split('\n').filter((line) => line.includes('sixgate'));
        if (ours.length > 0) throw new Error(ours.join('\n'));
        const failed = await router.sh('systemctl list-units --failed --no-legend --plain');
        if (failed !== '') throw new Error(failed);
      },
    },
    {
      name: 'doctor asks systemd whether the clock is kept: on this machine nobody does',
      async run({ router }) {
        const { stdout } = await router.try('sixgate doctor --json');
        const { checks } = JSON.parse(stdout) as { checks: readonly { id: string; found: string; mend: string }[] };
        const clock = checks.find(({ id }) => id === 'clock');
        if (!clock?.found.startsWith('nobody keeps the clock set')) throw new Error(JSON.stringify(clock));
      },
    },
    {
      name: 'the journal has a line an event, each with its level',
      async run(lab) {
        const lines = await lab.journal();
        const level = (words: RegExp) => lines.find(({ message }) => words.test(message))?.priority;
        const found = [level(/^wan now has 2001:db8:a:aa80::\/58 for /), level(/has no delegated prefix/)];
        if (found.join() !== '6,4') throw new Error(JSON.stringify(lines, undefined, 1));
        const odd = lines.filter(({ message }) => /^<\d>/.test(message));
        if (odd.length > 0) throw new Error(JSON.stringify(odd));
      },
    },
  ],
};
