import { setTimeout as sleep } from 'node:timers/promises';
import { startNetworkManager } from '../bring-up.ts';
import { betaBySixToFour, natGateway } from '../by-hand.ts';
import { install, installChanged } from '../case-files.ts';
import type { Host } from '../../../qemu/inside/host.ts';
import { expectAnswers, expectSilence } from '../../../qemu/inside/ping.ts';
import type { Scene } from '../scene.ts';

const interfaces = '/etc/network/interfaces.d/tun6to4';
const netdev = '/etc/systemd/network/25-tun6to4.netdev';
const yaml = '/etc/netplan/60-tun6to4.yaml';

/** Files with one thing wrong, each of which the generator takes care not to write. */
export const badTwinsBehindNat: Scene = {
  name: 'bad twins behind NAT',
  async setUp(lab) {
    await lab.standing('beta', betaBySixToFour);
    await lab.fresh('gate', 'inner');
    const gate = lab.host('gate');
    await install(gate, 'gate-nftables');
    await natGateway(gate, 'include "/etc/sixgate/nat-gateway-forward.nft"');
    await gate.ok(['sh', '/etc/sixgate/nat-gateway.sh']);
  },
  checks: [
    {
      name: 'a prefix from the private address: peers drop all of it',
      async run(lab) {
        const inner = lab.host('inner');
        await twin(inner, 'address 2002:c633:6407::1/16', 'address 2002:c0a8:10a::1/16');
        await expectSilence(inner, '2002:cb00:714d::1');
      },
    },
    {
      name: 'the public address as "local": nothing can leave',
      async run(lab) {
        const inner = lab.host('inner');
        await twin(inner, 'local 192.168.1.10', 'local 198.51.100.7');
        await expectSilence(lab.host('beta'), '2002:c633:6407::1');
      },
    },
    {
      name: 'the address on the LAN and not on the tunnel: the kernel takes nothing in',
      async run(lab) {
        const inner = lab.host('inner');
        await twin(inner, 'address 2002:c633:6407::1/16', 'address 2001:db8::1/128');
        await inner.sh(
          'ip link add lan type dummy; ip link set lan up; ip address add 2002:c633:6407:1::1/64 dev lan nodad; ip route add 2002::/16 dev tun6to4',
        );
        await expectSilence(lab.host('beta'), '2002:c633:6407:1::1');
        // What was missing.
        await inner.sh('ip address add 2002:c633:6407::1/128 dev tun6to4');
        await expectAnswers(lab.host('beta'), '2002:c633:6407:1::1');
      },
    },
  ],
};

export const badTwinsRefused: Scene = {
  name: 'bad twins that the tools refuse',
  async setUp(lab) {
    await lab.fresh('alpha');
  },
  checks: [
    {
      name: 'networkd: without Independent=yes there is no device',
      async run(lab) {
        const alpha = lab.host('alpha');
        await installChanged(alpha, 'alpha-networkd', netdev, 'Independent=yes\n', '');
        const daemon = alpha.start(['/lib/systemd/systemd-networkd']);
        await sleep(2000);
        const { code } = await alpha.run(['ip', 'link', 'show', 'dev', 'tun6to4']);
        const running = daemon.running;
        daemon.stop();
        if (code === 0 || !running)
          throw new Error(`exit code ${code}, networkd running: ${running}\n${daemon.output}`);
      },
    },
    {
      name: 'netplan: "any" is no remote address',
      async run(lab) {
        const alpha = lab.host('alpha');
        await installChanged(alpha, 'alpha-netplan', yaml, 'remote: "0.0.0.0"', 'remote: "any"');
        const { code, stderr } = await alpha.run([
          'sh',
          '-c',
          '$(ls -d /usr/libexec/netplan/generate /usr/lib/netplan/generate 2>/dev/null | head -n 1)',
        ]);
        if (code === 0 || !stderr.includes('any')) throw new Error(`exit code ${code}: ${stderr}`);
      },
    },
    {
      name: 'NetworkManager: without addr-gen-mode it does not come up, without remote it is not even loaded',
      async run(lab) {
        const alpha = lab.host('alpha');
        const file = '/etc/NetworkManager/system-connections/tun6to4.nmconnection';
        await startNetworkManager(alpha);
        await installChanged(alpha, 'alpha-networkmanager', file, 'addr-gen-mode=stable-privacy\n', '');
        await alpha.ok(['nmcli', 'connection', 'load', file]);
        const up = await alpha.run(['nmcli', '--wait', '8', 'connection', 'up', 'tun6to4']);
        if (up.code === 0) throw new Error(up.stdout);
        await alpha.sh('nmcli connection down tun6to4 || true');
        await installChanged(alpha, 'alpha-networkmanager', file, 'remote=0.0.0.0\n', '');
        const load = await alpha.run(['nmcli', 'connection', 'load', file]);
        if (!/Could not load/i.test(load.stdout + load.stderr))
          throw new Error(`${load.code}: ${load.stdout}${load.stderr}`);
      },
    },
  ],
};

/** The one before is taken down by its own file first. */
async function twin(inner: Host, from: string, to: string): Promise<void> {
  await inner.run(['ip', 'tunnel', 'del', 'tun6to4']);
  await inner.sh('ip -6 route flush type unreachable; rm -f /run/network/ifstate*');
  await installChanged(inner, 'inner-ifupdown', interfaces, from, to);
  await inner.run(['ifup', '--force', 'tun6to4']);
}
