/** A configuration that is complete, for sixgate.yaml(5); a test loads it. */
export const sampleConfig = `uplinks:
  dsl:
    interface: eth0
    prefix: { from: dhcpcd, length: 58 }
networks:
  home:
    prefix: fd12:3456:789a::/58
    subnets:
      lan:     { id: 0, interface: eth1 }
      servers: { id: 1, interface: eth2 }
translate:
  - { network: home, uplink: dsl }
`;
