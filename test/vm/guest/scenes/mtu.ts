import { bringUp } from '../bring-up.ts';
import { expectedOf, install } from '../case-files.ts';
import type { CaseName } from '../cases.ts';
import type { Host } from '../../../qemu/inside/host.ts';
import type { Lab } from '../lab.ts';
import type { Scene } from '../scene.ts';

/** Downloads 200 kB from delta over TCP; returns how many bytes came within the time. */
async function download(alpha: Host, seconds: number): Promise<number> {
  const { stdout } = await alpha.run([
    'sh',
    '-c',
    `timeout ${seconds} busybox wget -q -O - "http://[2002:cb00:714f::1]/data" | wc -c`,
  ]);
  return Number(stdout);
}

/** delta by hand with a tunnel of 1480 bytes: alpha's files decide. */
async function alphaOn(lab: Lab, files: CaseName): Promise<void> {
  await lab.fresh('alpha');
  await install(lab.host('alpha'), files);
  await bringUp(lab.host('alpha'), 'ifupdown', expectedOf(files));
  await lab.host('net').sh('ip link set to-alpha mtu 1400');
}

async function expectWhole(lab: Lab): Promise<void> {
  const bytes = await download(lab.host('alpha'), 20);
  if (bytes !== 200_000) throw new Error(`${bytes} bytes came`);
}

export const mtu: readonly Scene[] = [
  {
    name: 'MTU 1480 over a path of 1400 bytes',
    async setUp(lab) {
      await lab.fresh('delta');
      const delta = lab.host('delta');
      await delta.ip(
        'tunnel add peer mode sit remote any local 203.0.113.79 ttl 64',
        'link set peer up mtu 1480',
        'address add 2002:cb00:714f::1/16 dev peer',
      );
      await delta.sh('mkdir /run/www; head -c 200000 /dev/zero >/run/www/data; busybox httpd -p "[::]:80" -h /run/www');
      await alphaOn(lab, 'alpha-1480');
    },
    checks: [
      {
        name: 'a download stands still where the path filters ICMP',
        async run(lab) {
          await filterIcmp(lab, true);
          const bytes = await download(lab.host('alpha'), 3);
          if (bytes > 0) throw new Error(`${bytes} bytes came`);
        },
      },
      {
        name: 'it ends where ICMP says how much fits',
        async run(lab) {
          await filterIcmp(lab, false);
          await expectWhole(lab);
        },
      },
    ],
  },
  {
    name: 'MTU 1280, the default, over a path of 1400 bytes',
    setUp: (lab) => alphaOn(lab, 'alpha-ifupdown'),
    checks: [
      {
        name: 'the download ends though the path filters ICMP',
        async run(lab) {
          // What delta learned of the path before is of no use any more.
          await lab
            .host('delta')
            .sh('ip route flush cache; ip -6 route flush cache; sysctl -qw net.ipv4.route.flush=1');
          await filterIcmp(lab, true);
          await expectWhole(lab);
          await filterIcmp(lab, false);
        },
      },
    ],
  },
];

async function filterIcmp(lab: Lab, yes: boolean): Promise<void> {
  const table = `table ip filtered {
  chain output { type filter hook output priority filter; icmp type destination-unreachable drop; }
}
`;
  await lab
    .host('net')
    .ok(['nft', '-f', '-'], { input: `table ip filtered\ndelete table ip filtered\n${yes ? table : ''}` });
}
