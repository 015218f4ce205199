/** The machines of the lab, each a network namespace called `sg-LAB-NODE`. */
export const labNodes = [
  'server',
  'provider',
  'provider2',
  'switch',
  'router',
  'router2',
  'lan1',
  'lan1b',
  'lan2',
] as const;
export type LabNode = (typeof labNodes)[number];

/** Hosts on the LANs: `lan1` and `lan1b` share a subnet, `lan2` is alone on the other. */
export const lanHosts = ['lan1', 'lan1b', 'lan2'] as const;
export type LanHost = (typeof lanHosts)[number];

/** A server on the Internet, many hops away from the provider's edge as far as the hosts can tell. */
export const serverAddress = '2001:db8:ffff::80';
/** The number of the second provider's first site; its others follow. */
export const secondSite = 101;
/** How many of them the server knows the way to. */
export const secondSites = 20;
/** Where the echo server answers on every node that runs one, UDP and TCP. */
export const echoPort = 7777;
/** The same on both routers, as with a fail-over pair that shares its addresses. */
export const wanMac = '02:00:00:00:aa:01';
/** Of the interface towards the second provider. */
export const secondWanMac = '02:00:00:00:aa:02';

const insideBase = 'fd12:3456:789a';
/** The network behind the router; its /64s 0 and 1 are in use. */
export const insidePrefix = `${insideBase}::/48`;

/** Subnet ID and interface identifier of each LAN host. */
export const lanPlaces: Readonly<Record<LanHost, { readonly subnet: 0 | 1; readonly iid: string }>> = {
  lan1: { subnet: 0, iid: '10' },
  lan1b: { subnet: 0, iid: '11' },
  lan2: { subnet: 1, iid: '10' },
};

export function insideAddress(host: LanHost): string {
  const { subnet, iid } = lanPlaces[host];
  return `${lanBase(subnet)}::${iid}`;
}

/** The router's own address on a LAN. */
export function gatewayAddress(subnet: 0 | 1): string {
  return `${lanBase(subnet)}::1`;
}

function lanBase(subnet: 0 | 1): string {
  return subnet === 0 ? insideBase : `${insideBase}:${subnet}`;
}

export function namespaceName(lab: string, node: LabNode): string {
  return `sg-${lab}-${node}`;
}
