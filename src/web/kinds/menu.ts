/** A kind as it is offered, before its script is loaded. */
export interface MenuEntry {
  /** That of the kind, and of its file in offered/. */
  readonly name: string;
  readonly title: string;
  /** For whom it is, in a few words. */
  readonly summary: string;
}

/** In the order in which they are offered; the first is what the page opens with. */
export const menu: readonly MenuEntry[] = [
  {
    name: 'config',
    title: 'Follow my provider’s prefix',
    summary: 'A delegated prefix that changes, a network that stays',
  },
  { name: '6in4', title: '6in4 tunnel', summary: 'A tunnel broker, or a server with IPv6 of your own' },
  { name: '6rd', title: '6rd tunnel', summary: 'A provider that names a 6rd prefix and a border relay' },
  { name: '6to4', title: '6to4 tunnel', summary: 'One public IPv4 address, other 6to4 sites to reach' },
  { name: 'nat-gateway', title: 'NAT gateway', summary: 'The router in front of a host with a tunnel' },
  { name: 'failover', title: 'Two routers', summary: 'One takes over with the same prefix when the other fails' },
  { name: 'xen-guest', title: 'Xen guest', summary: 'Its own files, and what Dom0 has to know' },
  { name: 'uplink', title: 'Uplink only', summary: 'The DHCPv6 client of one interface' },
  { name: 'lan', title: 'LANs only', summary: 'The router’s inside addresses, and radvd' },
  { name: 'firewall', title: 'Firewall only', summary: 'What a firewall of your own has to let through' },
];
