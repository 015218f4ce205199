import type { Scene } from '../scene.ts';

export const upgrade: Scene = {
  name: 'an upgrade under traffic',
  checks: [
    {
      name: 'starts the daemon anew: no flow breaks, no packet is lost or leaves untranslated',
      async run(lab) {
        const old = await lab.show('sixgate', 'MainPID');
        const before = (await lab.router.sh("dpkg-query -W -f '${Version}' sixgate")).trim();
        const stop = await lab.startFlows(['udp-long', 'tcp-long']);
        await lab.router.sh('apt-get -y install /sixgate/sixgate-next.deb');
        await lab.untilInForce({ not: old });
        const reports = await stop();
        const after = (await lab.router.sh("dpkg-query -W -f '${Version}' sixgate")).trim();
        if (after === before) throw new Error(`still ${after}`);
        for (const { flow, sent, lost, sources, connections } of reports) {
          const broken = sources.length !== 1 || connections > 1 || lost > 0 || sent < 50;
          if (broken) throw new Error(JSON.stringify({ flow, sent, lost, sources, connections }));
        }
        await lab.expectNoLeak();
      },
    },
    {
      name: 'leaves configuration and state, and the user of the pages who had enabled them',
      async run({ router }) {
        await router.sh('grep -q fd12:3456:789a /etc/sixgate/config.yaml; ls /var/lib/sixgate | grep -q .');
        const { stdout } = await router.try('systemctl is-enabled sixgate.service sixgate-serve.socket');
        if (stdout !== 'enabled\nenabled\n') throw new Error(stdout);
      },
    },
    {
      name: 'to the same version again changes nothing',
      async run(lab) {
        await lab.router.sh('dpkg -i /sixgate/sixgate-next.deb && dpkg --verify sixgate');
        await lab.untilInForce();
        await lab.expectNoLeak();
      },
    },
  ],
};
