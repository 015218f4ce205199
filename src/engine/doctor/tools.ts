import type { Config } from '../config.ts';
import { ok, problem, unknown, type Check } from './finding.ts';

interface Tool {
  readonly name: string;
  readonly package: string;
  readonly reason: string;
  neededBy(config: Config): boolean;
}

const always = (): boolean => true;

/** What sixgate starts. Packages are Debian's. */
export const neededTools: readonly Tool[] = [
  {
    name: 'ip6tables',
    package: 'iptables',
    reason: 'the guard and the translation',
    neededBy: ({ backend }) => backend === 'ip6tables',
  },
  { name: 'nft', package: 'nftables', reason: 'the guard and the translation', neededBy: always },
  { name: 'ip', package: 'iproute2', reason: 'routes and the watch on interfaces', neededBy: always },
  { name: 'setpriv', package: 'util-linux', reason: 'the held guard and the monitors', neededBy: always },
  {
    name: 'conntrack',
    package: 'conntrack',
    reason: 'moving flows when the prefix changes',
    neededBy: ({ translations }) => translations.length > 0,
  },
  {
    name: 'ping',
    package: 'iputils-ping',
    reason: 'whether the Internet is reached through an uplink',
    neededBy: ({ uplinks }) => uplinks.some(({ health }) => health !== undefined),
  },
  {
    name: 'networkctl',
    package: 'systemd',
    reason: 'the prefixes that systemd-networkd holds',
    neededBy: ({ uplinks }) => uplinks.some(({ source }) => source.from === 'networkd'),
  },
  {
    name: 'nmcli',
    package: 'network-manager',
    reason: 'the prefixes that NetworkManager holds',
    neededBy: ({ uplinks }) => uplinks.some(({ source }) => source.from === 'networkmanager'),
  },
  {
    name: 'dhcpcd',
    package: 'dhcpcd-base',
    reason: 'asking the provider for a prefix',
    neededBy: ({ uplinks }) => uplinks.some(({ source }) => source.from === 'dhcpcd'),
  },
];

export const tools: Check = {
  id: 'tool',
  group: 'this machine',
  needsConfig: true,
  judge({ tools: found }, config) {
    return neededTools
      .filter((tool) => tool.neededBy(config))
      .map((tool) => {
        const id = `tool:${tool.name}`;
        const version = found.get(tool.name) ?? { known: false, why: 'nobody asked for it' };
        if (!version.known) return unknown(id, `the version of ${tool.name}`, version.why);
        if (version.value !== null) return ok(id, `${tool.name} ${version.value}`.trimEnd());
        return problem(
          id,
          `${tool.name} is missing, which is needed for ${tool.reason}`,
          `apt install ${tool.package}`,
        );
      });
  },
};
