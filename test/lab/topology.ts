import {
  gatewayAddress,
  insideAddress,
  lanHosts,
  lanPlaces,
  namespaceName,
  secondSite,
  secondSites,
  secondWanMac,
  serverAddress,
  wanMac,
} from './nodes.ts';
import type { LabNode } from './nodes.ts';
import { siteOf, type Site } from './site.ts';

/*
 *  server ---- provider (edge: Kea, radvd, filter) ==== router | router2 (same MACs or twins) ==== switch ---- lan1, lan1b
 *      eth0  inet0            brwan{wan0,wan1}      eth0              eth1, eth2   br1, br2 \--- lan2     all: eth0
 *      eth1  inet0           provider2 (the same again)      eth3 of the router       only with a second provider
 */

export interface TopologyOptions {
  readonly lab: string;
  readonly site: Site;
  /** `twin`: both have MAC addresses of their own and are up without gateway addresses, for VRRP to give them. */
  readonly secondRouter: boolean | 'twin';
  /** A second one with Kea, radvd and filter of its own, on eth3 of the router. */
  readonly secondProvider: boolean;
  /** Duplicate address detection on the routers' WAN side; costs about 1.8 s before DHCPv6 starts. */
  readonly dad: boolean;
}

export function nodesOf({
  secondRouter,
  secondProvider,
}: Pick<TopologyOptions, 'secondRouter' | 'secondProvider'>): LabNode[] {
  const always: LabNode[] = ['server', 'provider', 'switch', 'router', 'lan1', 'lan1b', 'lan2'];
  return [...always, ...(secondRouter ? ['router2' as const] : []), ...(secondProvider ? ['provider2' as const] : [])];
}

/** For `ip -batch` outside: all namespaces and the cables between them. */
export function compileCables(options: TopologyOptions): string {
  const ns = (node: LabNode) => namespaceName(options.lab, node);
  const lines = nodesOf(options).map((node) => `netns add ${ns(node)}`);
  const cable = (node: LabNode, name: string, peerNode: LabNode, peer: string, mac?: string) => {
    const address = mac ? ` address ${mac}` : '';
    lines.push(`link add ${name} netns ${ns(node)}${address} type veth peer name ${peer} netns ${ns(peerNode)}`);
  };
  cable('server', 'eth0', 'provider', 'inet0');
  for (const [index, router] of routersOf(options).entries()) {
    const own = options.secondRouter === 'twin' ? index + 1 : 0;
    cable(router, 'eth0', 'provider', `wan${index}`, own ? `02:00:00:00:a${own}:01` : wanMac);
    cable(router, 'eth1', 'switch', `r${index}1`, own ? `02:00:00:00:b${own}:01` : '02:00:00:00:bb:01');
    cable(router, 'eth2', 'switch', `r${index}2`, own ? `02:00:00:00:b${own}:02` : '02:00:00:00:bb:02');
  }
  for (const host of lanHosts) cable(host, 'eth0', 'switch', host);
  if (options.secondProvider) {
    cable('server', 'eth1', 'provider2', 'inet0');
    cable('router', 'eth3', 'provider2', 'wan0', secondWanMac);
  }
  return `${lines.join('\n')}\n`;
}

/** For `sh` inside each namespace. */
export function compileNodeScript(node: LabNode, options: TopologyOptions): string {
  switch (node) {
    case 'server':
      return script(
        // A real server never sees the edge's redirects: with them its route to the old prefix stays poisoned for 14 s.
        [...['all', 'default', 'eth0'].map((at) => setting(`conf/${at}/accept_redirects`, 0)), withoutDad('eth0')],
        ['link set lo up', 'link set eth0 up', `addr add ${serverAddress}/64 dev eth0 nodad`],
        ['route add ::/0 via 2001:db8:ffff::1'],
        ...(options.secondProvider ? secondWay() : []),
      );
    case 'provider':
      return compileProvider(options.site, routersOf(options).length, 'addr add 2001:db8:ffff::1/64 dev inet0 nodad');
    case 'provider2':
      return compileProvider(siteOf(secondSite), 1, 'addr add 2001:db8:fffe::1/64 dev inet0 nodad', [
        'route add 2001:db8:ffff::/64 via 2001:db8:fffe::80',
      ]);
    case 'switch':
      return compileSwitch(options);
    case 'router':
    case 'router2':
      return compileRouter(node, options);
    case 'lan1':
    case 'lan1b':
    case 'lan2': {
      const gateway = gatewayAddress(lanPlaces[node].subnet);
      return script(
        [withoutDad('eth0')],
        ['link set lo up', 'link set eth0 up', `addr add ${insideAddress(node)}/64 dev eth0 nodad`],
        [`route add ::/0 via ${gateway}`],
      );
    }
  }
}

/** The server's way to all that the second provider gives out. */
function secondWay(): string[][] {
  const sites = Array.from({ length: secondSites }, (_, index) => siteOf(secondSite + index));
  return [
    ['eth1'].flatMap((at) => [setting(`conf/${at}/accept_redirects`, 0), withoutDad(at)]),
    [
      'link set eth1 up',
      'addr add 2001:db8:fffe::80/64 dev eth1 nodad',
      ...sites.map(({ prefix }) => `route add ${prefix} via 2001:db8:fffe::1 src ${serverAddress}`),
    ],
  ];
}

function compileProvider(site: Site, routers: number, address: string, routes: readonly string[] = []): string {
  const ports = Array.from({ length: routers }, (_, index) => `wan${index}`);
  return script(
    [
      setting('conf/all/forwarding', 1),
      withoutDad('inet0'),
      ...[...ports, 'default'].map((port) => setting(`conf/${port}/disable_ipv6`, 1)),
    ],
    [
      'link set lo up',
      'link set inet0 up',
      address,
      ...routes,
      // Kea cannot open the bridge while it has no carrier: keep0 gives it one, whatever the routers do.
      'link add keep0 type veth peer name keep1',
      'link add brwan type bridge mcast_snooping 0 forward_delay 0',
      'link set brwan address 02:00:00:00:00:fe addrgenmode none',
      'link set keep1 up',
      ...['keep0', ...ports].map((port) => `link set ${port} master brwan up`),
    ],
    // `default` is off so that the ports stay silent; the bridge itself speaks.
    [setting('conf/brwan/disable_ipv6', 0)],
    ['link set brwan up', 'addr add fe80::1/64 dev brwan nodad', `addr add ${site.edgeAddress}/64 dev brwan nodad`],
  );
}

function compileSwitch(options: TopologyOptions): string {
  const ports: [string, number][] = [
    ...routersOf(options).flatMap((_, index): [string, number][] => [
      [`r${index}1`, 1],
      [`r${index}2`, 2],
    ]),
    ...lanHosts.map((host): [string, number] => [host, lanPlaces[host].subnet + 1]),
  ];
  return script(
    ['all', 'default'].map((at) => setting(`conf/${at}/disable_ipv6`, 1)),
    [
      ...[1, 2].map((id) => `link add br${id} type bridge mcast_snooping 0 forward_delay 0`),
      ...ports.map(([port, id]) => `link set ${port} master br${id} up`),
      'link set br1 up',
      'link set br2 up',
    ],
  );
}

/** The second router has the same addresses and keeps its interfaces down until somebody calls for it. */
function compileRouter(node: 'router' | 'router2', options: TopologyOptions): string {
  const wan = [
    setting('conf/all/forwarding', 1),
    setting('conf/eth0/accept_ra', 2), // forwarding would otherwise turn it off
    setting('conf/eth0/router_solicitation_delay', 0),
    ...(options.dad ? [] : ['eth0', 'eth1', 'eth2'].map(withoutDad)),
  ];
  if (options.secondProvider) {
    wan.push(setting('conf/eth3/accept_ra', 2), setting('conf/eth3/router_solicitation_delay', 0), withoutDad('eth3'));
  }
  if (options.secondRouter === 'twin') {
    return script(wan, ['link set lo up', 'link set eth0 up', 'link set eth1 up', 'link set eth2 up']);
  }
  return node === 'router2'
    ? script(wan, ['link set lo up'])
    : script(wan, ['link set lo up', ...routerUpLines(), ...(options.secondProvider ? ['link set eth3 up'] : [])]);
}

/** For `ip -batch` on a router: what makes it the active one. */
export function routerUpLines(): string[] {
  return [
    'link set eth1 up',
    'link set eth2 up',
    `addr replace ${gatewayAddress(0)}/64 dev eth1 nodad`,
    `addr replace ${gatewayAddress(1)}/64 dev eth2 nodad`,
    'link set eth0 up',
  ];
}

export function routerDownLines(): string[] {
  return ['link set eth0 down', 'link set eth1 down', 'link set eth2 down'];
}

function routersOf({ secondRouter }: Pick<TopologyOptions, 'secondRouter'>): ('router' | 'router2')[] {
  return secondRouter ? ['router', 'router2'] : ['router'];
}

function setting(path: string, value: number): string {
  return `echo ${value} > /proc/sys/net/ipv6/${path}`;
}

/** Ready at once instead of after a second or two: nobody else has these addresses. */
function withoutDad(link: string): string {
  return setting(`conf/${link}/accept_dad`, 0);
}

/** Groups of lines in order: settings as they stand, everything else through one `ip -batch` a group. */
function script(...groups: readonly (readonly string[])[]): string {
  const parts = groups
    .filter((group) => group.length > 0)
    .map((group) =>
      group[0]?.startsWith('echo ') ? group.join('\n') : `ip -batch - <<'EOF'\n${group.join('\n')}\nEOF`,
    );
  return `set -e\n${parts.join('\n')}\n`;
}
