import { readFileSync, writeFileSync } from 'node:fs';
import { waitUntil } from '../../../qemu/inside/wait-until.ts';
import { delegated, patience, type Lab } from '../lab.ts';
import type { Scene } from '../scene.ts';

const config = '/etc/sixgate/config.yaml';
let before = '';

/** Clients beside dhcpcd, with the rights that the packaged service has; the last one leaves everything as it was. */
export const clients: Scene = {
  name: 'other DHCPv6 clients with the packaged service',
  checks: [
    {
      name: 'its own one: port 546 and a socket of its own as the user sixgate',
      async run(lab) {
        before = readFileSync(config, 'utf8');
        await lab.router.sh('systemctl stop dhcpcd.service');
        await putInForce(lab, 'from: dhcpv6');
        const { stdout } = await lab.router.try('ss -6lnup sport = :546');
        if (!stdout.includes('node')) throw new Error(stdout);
        await lab.expectNoLeak();
      },
    },
    {
      name: 'systemd-networkd, with the file that generate writes',
      async run(lab) {
        const generate = 'sixgate generate uplink --for networkd --interface wan0 --length 58';
        await lab.router.sh(`${generate} --out / --force; systemctl start systemd-networkd.service`);
        await putInForce(lab, 'from: networkd');
        const { problems } = lab.state();
        if (problems.length > 0) throw new Error(JSON.stringify(problems));
        await lab.expectNoLeak();
      },
    },
    {
      name: 'and dhcpcd again',
      async run(lab) {
        const pid = await lab.show('sixgate', 'MainPID');
        await lab.router.sh(
          'systemctl stop systemd-networkd.socket systemd-networkd.service; rm -r /etc/systemd/network/*',
        );
        writeFileSync(config, before);
        await lab.router.sh('systemctl start dhcpcd.service; systemctl restart sixgate');
        await lab.untilInForce({ not: pid });
        await lab.untilAnswered();
        await lab.expectNoLeak();
      },
    },
  ],
};

/** Each client is another one to the provider, so each has another prefix. */
const had = [delegated];

async function putInForce(lab: Lab, source: string): Promise<void> {
  const pid = await lab.show('sixgate', 'MainPID');
  const text = before.replace(/from: dhcpcd\b/, source);
  if (text === before) throw new Error(`no "from: dhcpcd" in\n${before}`);
  writeFileSync(config, text);
  await lab.router.sh('systemctl restart sixgate');
  let prefix = '';
  await waitUntil('a prefix of the new client', patience, async () => {
    const { mappings, problems } = lab.state();
    prefix = mappings.find(({ outside }) => !had.includes(outside))?.outside ?? '';
    return prefix === '' ? JSON.stringify(problems) : undefined;
  });
  had.push(prefix);
  await lab.untilInForce({ not: pid, prefix });
  await lab.untilAnswered();
}
