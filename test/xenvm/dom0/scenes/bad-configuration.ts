import { readFileSync, writeFileSync } from 'node:fs';
import { expectText } from '../expect-text.ts';
import type { Scene } from '../scene.ts';

const bad = 'conf.d/zz-bad.yaml';
const entry = (policy: string): string =>
  `xen:\n  policy: ${policy}\n  guests:\n    late: { prefixes: ["2001:db8:101:8::5/64"] }\n`;

export const badConfiguration: Scene = {
  name: 'a configuration with a mistake in it',
  setUp: (lab) => lab.install(),
  checks: [
    {
      name: 'policy warn: the guest starts without IPv6, and xenstore says what and where',
      async run(lab) {
        lab.configure(bad, entry('warn'));
        const guest = await lab.start('late');
        const domid = await guest.domid();
        expectText(await lab.dom0.ok(['xenstore-read', `backend/vif/${domid}/0/hotplug-error`]), 'zz-bad.yaml:4:');
        const routes = await lab.dom0.ok(['ip', '-6', 'route', 'show', 'dev', `vif${domid}.0`]);
        if (routes.includes('2001:')) throw new Error(routes);
        expectText(await guest.ok(['ping', '-c', '1', '-W', '2', '192.0.2.254']), '1 received');
      },
    },
    {
      name: 'policy fail: it does not start, and "xl create" says what and where',
      async run(lab) {
        lab.configure(bad, entry('fail'));
        await lab.guest('late').destroy();
        const { code, stderr } = await lab.guest('late').create();
        await lab.dom0.ok(['rm', `/etc/sixgate/${bad}`]);
        if (code === 0) throw new Error('it starts');
        expectText(stderr, 'zz-bad.yaml:4:');
        const running = await lab.running();
        if (running.includes('late')) throw new Error(running.join(' '));
      },
    },
    {
      name: 'the generated lines are what xl understands ("xl create -n"), a mistaken one is not',
      async run(lab) {
        const lines = JSON.parse(readFileSync('/sixgate/guests/strange', 'utf8')) as string[];
        const dryRun = (text: string): Promise<{ code: number; stdout: string }> => {
          writeFileSync('/tmp/dry.cfg', `name = "dry"\ntype = "pv"\nkernel = "/guests/vmlinux"\nmemory = 64\n${text}`);
          return lab.dom0.run(['xl', 'create', '-n', '/tmp/dry.cfg']);
        };
        for (const line of lines) {
          const { code, stdout } = await dryRun(line);
          if (code !== 0) throw new Error(`${line}: ${code}`);
          for (const [, value] of line.matchAll(/(?:mac|vifname|ip|script)=([^,']+)/g)) expectText(stdout, value!);
        }
        const { code } = await dryRun("vif = [ 'script=vif-route'");
        if (code === 0) throw new Error('xl takes a list without an end');
      },
    },
  ],
};
