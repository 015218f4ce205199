import { oneUplink } from '../configs.ts';
import { waitUntil } from '../../../qemu/inside/wait-until.ts';
import { farSide, patience, prefixA } from '../lab.ts';
import type { Scene } from '../scene.ts';

export const without: Scene = {
  name: 'a kernel without flowtables',
  async setUp(lab) {
    await lab.make();
    await lab.configure(oneUplink);
    await lab.untilMapped();
    await lab.delegate('fiber', `${prefixA},3600,7200`);
    await lab.untilMapped(prefixA);
  },
  checks: [
    {
      name: 'translation goes on, and one problem says why nothing is offloaded',
      async run(lab) {
        const source = await lab.ask(lab.lan, farSide);
        if (source !== '2001:db8:a::10') throw new Error(`far saw ${source}`);
        const { problems, offload } = await lab.state();
        const told = problems.filter(({ code }) => code !== 'interface-missing').map(({ code }) => code);
        if (told.join() !== 'offload-missing' || offload) throw new Error(JSON.stringify({ problems, offload }));
        if (await lab.devices()) throw new Error('there is a flowtable');
        await lab.expectNoLeak();
      },
    },
    {
      name: 'doctor names the modules; plan has nothing to do and tells it as well',
      async run(lab) {
        const doctor = await lab.sixgate('doctor', '--json');
        const { checks } = JSON.parse(doctor.stdout) as { checks: { id: string; result: string; mend: string }[] };
        const found = checks.find(({ id }) => id === 'offload');
        if (found?.result !== 'problem' || !found.mend.includes('nft_flow_offload')) throw new Error(doctor.stdout);
        const { code, stdout, stderr } = await lab.sixgate('plan');
        if (code !== 0 || !stderr.includes('takes no flowtable')) throw new Error(`${code} ${stdout} ${stderr}`);
      },
    },
    {
      name: 'once the modules are there, a reload is enough',
      async run(lab) {
        await lab.router.sh('rm /etc/modprobe.d/without-flowtable.conf; modprobe nft_flow_offload');
        await lab.configure(oneUplink);
        await lab.untilDevices('lan0, wan0');
        await waitUntil('the status to tell so', patience, async () => {
          const { problems, offload } = await lab.state();
          const told =
            problems.some(({ code }) => code === 'offload-missing') || offload?.interfaces.join() !== 'wan0,lan0';
          return told ? JSON.stringify({ problems, offload }) : undefined;
        });
      },
    },
  ],
};
