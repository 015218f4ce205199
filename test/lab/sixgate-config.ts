/** The contract's example with the lab's interfaces; more lines go below `translate`'s entry. */
export function compileSixgateConfig({ length = 58, translate = '' } = {}): string {
  return `uplinks:
  dsl:
    interface: eth0
    prefix: { from: dhcpcd, length: ${length} }
networks:
  home:
    prefix: fd12:3456:789a::/${length}
    subnets:
      lan:     { id: 0, interface: eth1 }
      servers: { id: 1, interface: eth2 }
translate:
  - { network: home, uplink: dsl${translate ? `, ${translate}` : ''} }
`;
}
