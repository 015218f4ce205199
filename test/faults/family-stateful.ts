import type { Family } from './family.ts';
import { commonKinds } from './steps.ts';
import { inside } from './world.ts';

export const home = `
networks:
  home:
    prefix: ${inside}
    subnets:
      lan: { id: 0, interface: eth1 }
translate:
  - { network: home, uplink: dsl`;

export const dsl = `
uplinks:
  dsl:
    interface: eth0
    prefix: { from: dhcpcd, length: 58 }`;

/** What it is for most: one uplink, dhcpcd, nftables. */
export const stateful: Family = {
  name: 'stateful',
  config: `${dsl}${home} }\n`,
  kinds: commonKinds,
  tools: ['nft', 'ip', 'conntrack'],
  monitors: ['nft', 'ip', 'nft -i'],
  spoil: 'nft delete table ip6 sixgate',
  empty: 'nft flush map ip6 sixgate out_dsl',
  edits: [
    'delete table ip6 sixgate',
    'delete table inet sixgate_guard',
    'flush table ip6 sixgate',
    'flush chain inet sixgate_guard leave',
    'flush set inet sixgate_guard uplinks',
    'flush set inet sixgate_guard networks',
    'flush map ip6 sixgate out_dsl',
    'flush map ip6 sixgate in_dsl',
    'insert rule ip6 sixgate postrouting accept',
    'add rule inet sixgate_guard leave counter',
    'add chain ip6 sixgate strange',
    'add element inet sixgate_guard uplinks { "eth1" }',
    'add table ip6 sixgate_other',
    'delete counter inet sixgate_guard leaving',
  ].map((edit) => `nft '${edit}'`),
};
