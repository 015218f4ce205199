const head = (uplinks: string): string => `uplinks:
${uplinks}
networks:
  home:
    prefix: fd12:3456:789a::/48
    subnets:
      lan: { id: 0, interface: lan0 }
      guests: { id: 1, interface: wlan0 }
translate:
`;

const uplink = (name: string, at: string): string =>
  `  ${name}: { interface: ${at}, prefix: { from: hook, client: generic } }`;
const open = 'allow: [{ to: "lan::10", tcp: [7777], udp: [7777] }]';

export const oneUplink = `${head(uplink('fiber', 'wan0'))}  - { network: home, uplink: fiber, offload: true }\n`;

export const withPinhole = `${head(uplink('fiber', 'wan0'))}  - { network: home, uplink: fiber, offload: true, ${open} }\n`;

export const bothUplinks = `${head([uplink('fiber', 'wan0'), uplink('mobile', 'wan1')].join('\n'))}\
  - { network: home, uplink: fiber, offload: true }
  - { network: home, uplink: mobile, offload: true }
`;

/** The LAN hangs on an interface that the configuration does not name. */
export const unnamedLan = oneUplink.replace(', interface: lan0', '');
