import { describe, expect, test } from 'vitest';
import { formatConfigProblem } from './config-problem.ts';
import { loadConfig } from './load-config.ts';

const head = `uplinks:
  dsl: { interface: eth0, prefix: { from: dhcpcd } }
networks:
  home:
    prefix: fd12:3456:789a::/48
    subnets:
      lan: { id: 0, interface: eth1 }
      servers: { id: 1, interface: eth2 }
`;
const away = '  away: { prefix: "fd77:3456:789a::/56", subnets: { x: { id: 0 } } }\n';
const tr = 'translate: [{ network: home, uplink: dsl }]\n';
const allow = (pinholes: string) => `translate:\n  - network: home\n    uplink: dsl\n    allow: [${pinholes}]\n`;

const cases: { what: string; texts: string[]; told: string[] }[] = [
  {
    what: 'a key of a later version',
    texts: [head + tr + 'mail: {}\n'],
    told: [
      'c.yaml:10:1: unknown key "mail" [config-key-unknown] Valid here: uplinks, networks, translate, routing, backend, xen, failover, dns.',
    ],
  },
  {
    what: 'RFC 6296 in ip6tables',
    texts: [`${head}backend: ip6tables\ntranslate: [{ network: home, uplink: dsl, mode: rfc6296 }]\n`],
    told: [
      'c.yaml:10:49: translate[0].mode: backend ip6tables cannot translate by RFC 6296 [config-value] Write "mode: stateful", or "backend: nftables".',
    ],
  },
  {
    what: 'offload in ip6tables',
    texts: [`${head}backend: ip6tables\ntranslate: [{ network: home, uplink: dsl, offload: true }]\n`],
    told: [
      'c.yaml:10:52: translate[0].offload: backend ip6tables has no flowtable [config-value] Take "offload: true" out, or write "backend: nftables".',
    ],
  },
  {
    what: 'offload without translated connections',
    texts: [`${head}translate: [{ network: home, uplink: dsl, mode: rfc6296, offload: true }]\n`],
    told: [
      'c.yaml:9:67: translate[0].offload: with "mode: rfc6296" there are no translated connections that could be offloaded [config-value] Take "offload: true" out, or write "mode: stateful".',
    ],
  },
  {
    what: 'a misspelt key',
    texts: [(head + tr).replace('interface: eth0', 'interfce: eth0')],
    told: [
      'c.yaml:2:8: uplinks.dsl: "interface" is missing [config-key-missing] Add interface.',
      'c.yaml:2:10: uplinks.dsl: unknown key "interfce" [config-key-unknown] Write interface.',
    ],
  },
  {
    what: 'a part that a fixed prefix does not have',
    texts: [
      (head + tr)
        .replace('from: dhcpcd', 'from: static, prefix: "2a00:1:2::/48"')
        .replace('dsl }', 'dsl, subprefix: 1 }'),
    ],
    told: [
      'c.yaml:9:54: translate[0].subprefix: a /48 on "dsl" has one part of /48, counted from 0 [config-value] Write 0, or take it out.',
    ],
  },
  {
    what: 'a key that is near to none',
    texts: [(head + tr).replace('interface: eth0', 'interface: eth0, blah: 3')],
    told: ['c.yaml:2:27: uplinks.dsl: unknown key "blah" [config-key-unknown] Valid here: interface, prefix, health.'],
  },
  {
    what: 'text for numbers',
    texts: [(head + tr).replace('id: 0', 'id: "0"').replace('id: 1', 'id: one')],
    told: [
      'c.yaml:7:18: networks.home.subnets.lan.id: expected a whole number, found the text "0" [config-type] Write it without quotes: 0.',
      'c.yaml:8:22: networks.home.subnets.servers.id: expected a whole number, found the text "one" [config-type] Write a whole number.',
    ],
  },
  {
    what: 'wrong kinds at the top',
    texts: ['uplinks: []\nnetworks: 7\ntranslate: {}\n'],
    told: [
      'c.yaml:1:10: uplinks: expected a map from names, found a list [config-type] Write "key: value" lines below it, indented, or {key: value}.',
      'c.yaml:2:11: networks: expected a map from names, found the number 7 [config-type] Write "key: value" lines below it, indented, or {key: value}.',
      'c.yaml:3:12: translate: expected a list, found a map [config-type] Put it in square brackets, or each item on a line after "- ".',
    ],
  },
  {
    what: 'a text alone',
    texts: ['hello\n'],
    told: [
      'c.yaml:1:1: expected a map with uplinks, networks, translate, routing, backend, xen, failover, dns, found the text "hello" [config-type] Write "key: value" lines below it, indented, or {key: value}.',
    ],
  },
  {
    what: 'a list alone',
    texts: ['- 1\n'],
    told: [
      'c.yaml:1:1: expected a map with uplinks, networks, translate, routing, backend, xen, failover, dns, found a list [config-type] Write "key: value" lines below it, indented, or {key: value}.',
    ],
  },
  {
    what: 'a number for an interface',
    texts: [(head + tr).replace('eth0', '1234')],
    told: [
      'c.yaml:2:21: uplinks.dsl.interface: expected an interface name, found the number 1234 [config-type] Put it in quotes: "1234".',
    ],
  },
  {
    what: 'a key without value',
    texts: [(head + tr).replace('interface: eth0', 'interface:')],
    told: [
      'c.yaml:2:20: uplinks.dsl.interface: expected an interface name, found nothing [config-type] Write an interface name, as in eth0.',
    ],
  },
  {
    what: 'a number with leading zeros',
    texts: [(head + tr).replace('id: 1', 'id: 010')],
    told: [
      'c.yaml:8:22: networks.home.subnets.servers.id: 010 is 10 in YAML 1.2 but octal for older readers [config-value] Write it without leading zeros.',
    ],
  },
  {
    what: 'a fraction',
    texts: [(head + tr).replace('id: 1', 'id: 1.5')],
    told: [
      'c.yaml:8:22: networks.home.subnets.servers.id: expected a whole number, found the number 1.5 [config-type] Write a whole number in plain digits.',
    ],
  },
  {
    what: 'a negative subnet ID',
    texts: [(head + tr).replace('id: 1', 'id: -1')],
    told: [
      'c.yaml:8:22: networks.home.subnets.servers.id: -1 is not from 0 to 281474976710655 [config-value] Write a number from 0 to 281474976710655.',
    ],
  },
  {
    what: 'a number beyond 2^53',
    texts: [(head + tr).replace('id: 1', 'id: 99999999999999999999')],
    told: [
      'c.yaml:8:22: networks.home.subnets.servers.id: expected a whole number, found the number 99999999999999999999 [config-type] Write a whole number in plain digits.',
    ],
  },
  {
    what: 'yes for true',
    texts: [head + 'translate: [{ network: home, uplink: dsl, hairpin: yes }]\n'],
    told: ['c.yaml:9:52: translate[0].hairpin: expected true or false, found the text "yes" [config-type] Write true.'],
  },
  {
    what: 'host bits',
    texts: [(head + tr).replace('789a::/48', '789a:1::1/48')],
    told: [
      'c.yaml:5:13: networks.home.prefix: "fd12:3456:789a:1::1/48" has bits set behind its length of 48 [config-prefix] Write fd12:3456:789a::/48 if that is what you meant.',
    ],
  },
  {
    what: 'no prefix',
    texts: [(head + tr).replace('fd12:3456:789a::/48', 'fd12::g/48')],
    told: [
      'c.yaml:5:13: networks.home.prefix: "fd12::g" is not an IPv6 address: "g" is not a hexadecimal digit (character 7) [config-prefix] Write an IPv6 prefix, as in fd12:3456:789a::/48.',
    ],
  },
  {
    what: 'a prefix without length',
    texts: [(head + tr).replace('fd12:3456:789a::/48', '"fd12:3456:789a::"')],
    told: [
      'c.yaml:5:13: networks.home.prefix: "fd12:3456:789a::" has no prefix length [config-prefix] Add it after a slash, as in fd12:3456:789a::/48.',
    ],
  },
  {
    what: 'fc::, which is 00fc::',
    texts: [(head + tr).replace('fd12:3456:789a::/48', 'fc::/58')],
    told: [
      'c.yaml:5:13: networks.home.prefix: fc::/58 is no ULA: it means 00fc::/58, for leading zeros are left out and trailing ones are not [config-prefix] Make one with "sixgate ula": fd00::/8 and a random 40-bit Global ID (RFC 4193 section 3.2).',
    ],
  },
  {
    what: 'fd::, which is 00fd::',
    texts: [(head + tr).replace('fd12:3456:789a::/48', 'fd::/58')],
    told: [
      'c.yaml:5:13: networks.home.prefix: fd::/58 is no ULA: it means 00fd::/58, for leading zeros are left out and trailing ones are not [config-prefix] Make one with "sixgate ula": fd00::/8 and a random 40-bit Global ID (RFC 4193 section 3.2).',
    ],
  },
  {
    what: 'fc00::/8',
    texts: [(head + tr).replace('fd12:3456:789a::/48', 'fc00:1::/58')],
    told: [
      'c.yaml:5:13: networks.home.prefix: fc00:1::/58 is in fc00::/8, which is reserved (RFC 4193 section 3.1) [config-prefix] Make one with "sixgate ula": fd00::/8 and a random 40-bit Global ID (RFC 4193 section 3.2).',
    ],
  },
  {
    what: '6to4',
    texts: [(head + tr).replace('fd12:3456:789a::/48', '2002:c000:204::/48')],
    told: [
      'c.yaml:5:13: networks.home.prefix: 2002:c000:204::/48 is 6to4 space: it follows an IPv4 address (RFC 3056) [config-prefix] Make one with "sixgate ula": fd00::/8 and a random 40-bit Global ID (RFC 4193 section 3.2).',
    ],
  },
  {
    what: 'multicast',
    texts: [(head + tr).replace('fd12:3456:789a::/48', 'ff02::/48')],
    told: [
      'c.yaml:5:13: networks.home.prefix: ff02::/48 is multicast (RFC 4291 section 2.7) [config-prefix] Make one with "sixgate ula": fd00::/8 and a random 40-bit Global ID (RFC 4193 section 3.2).',
    ],
  },
  {
    what: 'link-local',
    texts: [(head + tr).replace('fd12:3456:789a::/48', 'fe80::/64')],
    told: [
      'c.yaml:5:13: networks.home.prefix: fe80::/64 is link-local: routers do not forward it (RFC 4291 section 2.5.6) [config-prefix] Make one with "sixgate ula": fd00::/8 and a random 40-bit Global ID (RFC 4193 section 3.2).',
    ],
  },
  {
    what: '::/8',
    texts: [(head + tr).replace('fd12:3456:789a::/48', '64:ff9b:1::/48')],
    told: [
      'c.yaml:5:13: networks.home.prefix: 64:ff9b:1::/48 is in ::/8, which holds no unicast addresses but special ones (RFC 4291) [config-prefix] Make one with "sixgate ula": fd00::/8 and a random 40-bit Global ID (RFC 4193 section 3.2).',
    ],
  },
  {
    what: 'Teredo',
    texts: [(head + tr).replace('fd12:3456:789a::/48', '2001:0:1::/48')],
    told: [
      'c.yaml:5:13: networks.home.prefix: 2001:0:1::/48 belongs to Teredo (RFC 4380) [config-prefix] Make one with "sixgate ula": fd00::/8 and a random 40-bit Global ID (RFC 4193 section 3.2).',
    ],
  },
  {
    what: 'the discard-only block',
    texts: [(head + tr).replace('fd12:3456:789a::/48', '100::/64')],
    told: [
      'c.yaml:5:13: networks.home.prefix: 100::/64 is the discard-only block (RFC 6666) [config-prefix] Make one with "sixgate ula": fd00::/8 and a random 40-bit Global ID (RFC 4193 section 3.2).',
    ],
  },
  {
    what: 'shorter than /16',
    texts: [(head + tr).replace('fd12:3456:789a::/48', 'fd00::/8')],
    told: [
      'c.yaml:5:13: networks.home.prefix: fd00::/8 is shorter than /16 [config-prefix] Take a /16 or longer. Make one with "sixgate ula": fd00::/8 and a random 40-bit Global ID (RFC 4193 section 3.2).',
    ],
  },
  {
    what: 'longer than /64',
    texts: [(head + tr).replace('fd12:3456:789a::/48', 'fd12:3456:789a::/65')],
    told: [
      'c.yaml:5:13: networks.home.prefix: fd12:3456:789a::/65 is longer than /64 [config-prefix] Take a /64 or shorter: a subnet has 64 bits (RFC 4291 section 2.5.1).',
    ],
  },
  {
    what: 'interface names that Linux refuses',
    texts: [(head + tr).replace('eth0', '"eth0/1"').replace('eth1', 'sixteen-letters1').replace('eth2', '""')],
    told: [
      'c.yaml:2:21: uplinks.dsl.interface: "eth0/1" is not an interface name: Linux takes no "/" (character 5) [config-value] Write the name as "ip -br link" shows it, without what stands behind an "@".',
      'c.yaml:7:32: networks.home.subnets.lan.interface: "sixteen-letters1" is not an interface name: it has 16 characters, Linux takes at most 15 [config-value] Write the name as "ip -br link" shows it, without what stands behind an "@".',
      'c.yaml:8:36: networks.home.subnets.servers.interface: "" is not an interface name: it is empty [config-value] Write the name as "ip -br link" shows it, without what stands behind an "@".',
    ],
  },
  {
    what: 'a subnet ID that does not fit',
    texts: [(head + tr).replace('789a::/48', '789a::/63').replace('id: 1', 'id: 2')],
    told: [
      'c.yaml:8:22: networks.home.subnets.servers.id: the subnet ID 2 does not fit into fd12:3456:789a::/63 [config-value] Write an ID from 0 to 1.',
    ],
  },
  {
    what: 'a second subnet in a /64',
    texts: [(head + tr).replace('789a::/48', '789a::/64')],
    told: [
      'c.yaml:8:22: networks.home.subnets.servers.id: the subnet ID 1 does not fit into fd12:3456:789a::/64 [config-value] Write 0: a /64 is one subnet.',
    ],
  },
  {
    what: 'a subnet ID twice',
    texts: [(head + tr).replace('id: 1', 'id: 0')],
    told: [
      'c.yaml:8:22: networks.home.subnets.servers.id: subnet "lan" (line 7) has the ID 0 already [config-duplicate] Give every subnet an ID of its own.',
    ],
  },
  {
    what: 'an interface in two subnets',
    texts: [(head + tr).replace('eth2', 'eth1')],
    told: [
      'c.yaml:8:36: networks.home.subnets.servers.interface: subnet "lan" (line 7) has the interface eth1 already [config-duplicate] Give every subnet an interface of its own.',
    ],
  },
  {
    what: "an uplink's interface in a subnet",
    texts: [(head + tr).replace('eth2', 'eth0')],
    told: [
      'c.yaml:8:36: networks.home.subnets.servers.interface: eth0 is the interface of uplink "dsl" already (line 2) [config-duplicate] Give the subnet another interface.',
    ],
  },
  {
    what: 'two uplinks on one interface',
    texts: [(head + tr).replace('networks:', '  cable: { interface: eth0, prefix: { from: dhcpcd } }\nnetworks:')],
    told: [
      'c.yaml:3:23: uplinks.cable.interface: uplink "dsl" (line 2) has the interface eth0 already [config-duplicate] Give every uplink an interface of its own.',
    ],
  },
  {
    what: 'references to what is not there',
    texts: [head + 'translate: [{ network: hom, uplink: cable }]\n'],
    told: [
      'c.yaml:9:24: translate[0].network: there is no network "hom" [config-reference] Write home.',
      'c.yaml:9:37: translate[0].uplink: there is no uplink "cable" [config-reference] Write one of: dsl.',
    ],
  },
  {
    what: 'overlapping networks',
    texts: [head + '  away: { prefix: "fd12:3456:789a:ff00::/56", subnets: { x: { id: 0 } } }\n' + tr],
    told: [
      'c.yaml:9:19: networks.away.prefix: fd12:3456:789a:ff00::/56 overlaps fd12:3456:789a::/48 of "home" (line 5) [config-overlap] Give one of them another prefix; "sixgate ula" makes one.',
    ],
  },
  {
    what: 'a network around an earlier one',
    texts: [head + '  away: { prefix: "fd12:3456::/32", subnets: { x: { id: 0 } } }\n' + tr],
    told: [
      'c.yaml:9:19: networks.away.prefix: fd12:3456::/32 overlaps fd12:3456:789a::/48 of "home" (line 5) [config-overlap] Give one of them another prefix; "sixgate ula" makes one.',
    ],
  },
  {
    what: 'a translation twice',
    texts: [head + 'translate:\n  - { network: home, uplink: dsl }\n  - { network: home, uplink: dsl }\n'],
    told: [
      'c.yaml:11:5: translate[1]: "home" is translated on "dsl" already (line 10) [config-duplicate] Leave only one of them.',
    ],
  },
  {
    what: 'two networks on one uplink',
    texts: [head + away + 'translate:\n  - { network: home, uplink: dsl }\n  - { network: away, uplink: dsl }\n'],
    told: [
      'c.yaml:12:5: translate[1]: "dsl" carries "home" already (line 11), and this version takes one network on an uplink [config-not-built] Make both one network, with the subnets of both.',
    ],
  },
  {
    what: 'names that are none',
    texts: [(head + tr).replace('lan:', 'LAN:').replace('servers:', `${'s'.repeat(32)}:`)],
    told: [
      'c.yaml:7:7: networks.home.subnets: "LAN" is not a name [config-name] Write a small letter and up to 30 small letters, digits or "-".',
      'c.yaml:8:7: networks.home.subnets: "ssssssssssssssssssssssssssssssss" is not a name [config-name] Write a small letter and up to 30 small letters, digits or "-".',
    ],
  },
  {
    what: 'a network without subnets',
    texts: ['networks: { home: { prefix: "fd12:3456:789a::/48", subnets: {} } }\n'],
    told: [
      'c.yaml:1:61: networks.home.subnets: a network without subnets: nothing of it would be translated [config-value] Add at least one subnet, as in lan: { id: 0, interface: eth1 }.',
    ],
  },
  {
    what: 'a pinhole to an unknown subnet',
    texts: [head + allow('{ to: "server::10", icmp: true }')],
    told: ['c.yaml:12:19: translate[0].allow[0].to: "home" has no subnet "server" [config-reference] Write servers.'],
  },
  {
    what: 'a pinhole to a subnet of another network',
    texts: [head + away + allow('{ to: "x::10", icmp: true }')],
    told: [
      'c.yaml:13:19: translate[0].allow[0].to: "home" has no subnet "x" [config-reference] Put the pinhole into the translation of "away", which has that subnet.',
    ],
  },
  {
    what: 'pinholes that are no hosts',
    texts: [
      head +
        allow(
          '{ to: servers:10, icmp: true }, { to: servers, icmp: true }, { to: "servers::1:2:3:4:5", icmp: true }, { to: "servers::", icmp: true }, { to: "servers::x", icmp: true }, { to: "fd12:3456::1", icmp: true }',
        ),
    ],
    told: [
      'c.yaml:12:19: translate[0].allow[0].to: "servers:10" is not a host as subnet::interface-id: one ":" in place of "::" after the name of the subnet [config-value] Write a host as subnet::interface-id, as in "servers::10".',
      'c.yaml:12:51: translate[0].allow[1].to: "servers" is not a host as subnet::interface-id: "::" and an interface identifier are missing [config-value] Write a host as subnet::interface-id, as in "servers::10".',
      'c.yaml:12:80: translate[0].allow[2].to: "servers::1:2:3:4:5" is not a host as subnet::interface-id: "::1:2:3:4:5" does not fit in 64 bits [config-value] Write at most four groups after the "::".',
      'c.yaml:12:122: translate[0].allow[3].to: "servers::" is not a host as subnet::interface-id: the identifier 0 is the anycast address of the routers (RFC 4291 section 2.6.1) [config-value] Write a host as subnet::interface-id, as in "servers::10".',
      'c.yaml:12:155: translate[0].allow[4].to: "servers::x" is not a host as subnet::interface-id: "::x" is not an interface identifier [config-value] Write a host as subnet::interface-id, as in "servers::10".',
      'c.yaml:12:189: translate[0].allow[5].to: "fd12:3456::1" is not a host as subnet::interface-id: an address in place of the name of a subnet [config-value] Write the name of the subnet before the "::".',
    ],
  },
  {
    what: 'a pinhole that opens nothing',
    texts: [head + allow('{ to: "servers::10" }')],
    told: [
      'c.yaml:12:13: translate[0].allow[0]: none of tcp, udp, icmp is there [config-key-missing] Add one of tcp, udp, icmp.',
    ],
  },
  {
    what: 'ports that are none',
    texts: [head + allow('{ to: "servers::10", tcp: [0, 65536, "9-8", "x", "1-70000", true, 1.5], udp: 53 }')],
    told: [
      'c.yaml:12:40: translate[0].allow[0].tcp[0]: 0 is not a port (1 to 65535) [config-value] Write a port or a range of ports from 1 to 65535, as in 443 or "6000-6100".',
      'c.yaml:12:43: translate[0].allow[0].tcp[1]: 65536 is not a port (1 to 65535) [config-value] Write a port or a range of ports from 1 to 65535, as in 443 or "6000-6100".',
      'c.yaml:12:50: translate[0].allow[0].tcp[2]: the range "9-8" is reversed [config-value] Write "8-9".',
      'c.yaml:12:57: translate[0].allow[0].tcp[3]: "x" is not a port or a range of ports [config-value] Write a port or a range of ports from 1 to 65535, as in 443 or "6000-6100".',
      'c.yaml:12:62: translate[0].allow[0].tcp[4]: 70000 is not a port (1 to 65535) [config-value] Write a port or a range of ports from 1 to 65535, as in 443 or "6000-6100".',
      'c.yaml:12:73: translate[0].allow[0].tcp[5]: expected a port or a range of ports, found the truth value true [config-type] Write a port or a range of ports from 1 to 65535, as in 443 or "6000-6100".',
      'c.yaml:12:79: translate[0].allow[0].tcp[6]: expected a whole number, found the number 1.5 [config-type] Write a whole number in plain digits.',
      'c.yaml:12:90: translate[0].allow[0].udp: expected a list, found the number 53 [config-type] Put it in square brackets, or each item on a line after "- ".',
    ],
  },
  {
    what: 'a name in the DNS for what is not there',
    texts: [
      head +
        tr +
        'dns:\n  own:\n    via: nsupdate\n    hosts: [{ host: "server::10", name: www.example.org }, { host: "lan::10", name: a b, uplink: dsk }, { host: "lan::1", name: x.y, uplink: dsk }]\n',
    ],
    told: [
      'c.yaml:13:21: dns.own.hosts[0].host: there is no subnet "server" [config-reference] Write servers.',
      'c.yaml:13:85: dns.own.hosts[1].name: "a b" is not a domain name [config-value] Write a domain name, as in www.example.org.',
      'c.yaml:13:142: dns.own.hosts[2].uplink: there is no uplink "dsk" [config-reference] Write dsl.',
    ],
  },
  {
    what: 'a page with a password in it',
    texts: [head + tr + 'dns: { dyn: { via: http, url: "https://me:secret@example.org/?{address}", hosts: [] } }\n'],
    told: [
      'c.yaml:10:31: dns.dyn.url: "https://me:secret@example.org/?{address}" is not a URL of http or https without a password [config-value] Write a URL of http or https without a password, as in https://dyn.example.org/update?host={name}&ip={address}.',
    ],
  },
  {
    what: 'a protocol of routes that is none',
    texts: [(head + tr).replace('from: dhcpcd', 'from: route, protocol: dhcpv6')],
    told: [
      'c.yaml:2:60: uplinks.dsl.prefix.protocol: "dhcpv6" is not a protocol of routes [config-value] Write dhcp, static, boot or a number from 3 to 255 other than 66, as "ip -6 -N route" shows it.',
    ],
  },
  {
    what: 'the protocol of our own routes',
    texts: [(head + tr).replace('from: dhcpcd', 'from: route, protocol: 66')],
    told: [
      'c.yaml:2:60: uplinks.dsl.prefix.protocol: 66 is not a protocol of a DHCPv6 client\'s routes [config-value] Write dhcp, static, boot or a number from 3 to 255 other than 66, as "ip -6 -N route" shows it.',
    ],
  },
  {
    what: 'two uplinks that take the same routes',
    texts: [
      (head + tr).replace(
        'from: dhcpcd } }',
        'from: route } }\n  spare: {interface: eth9, prefix: { from: route, protocol: dhcp, within: 2001:db8::/32 }}',
      ),
    ],
    told: [
      'c.yaml:3:36: uplinks.spare.prefix: uplink "dsl" (line 2) takes the same routes [config-duplicate] Give each its own "within", or a protocol of its own.',
    ],
  },
  {
    what: 'from: 6to4 without an address',
    texts: [(head + tr).replace('from: dhcpcd', 'from: 6to4')],
    told: [
      'c.yaml:2:35: uplinks.dsl.prefix: none of ipv4, of is there [config-key-missing] Add ipv4 with the public IPv4 address, or of with the interface that has it.',
    ],
  },
  {
    what: 'from: 6to4 with two addresses',
    texts: [(head + tr).replace('from: dhcpcd', 'from: 6to4, ipv4: 192.0.2.4, of: ppp0')],
    told: [
      'c.yaml:2:70: uplinks.dsl.prefix.of: "ipv4" says what the address is, "of" whose it is: not both [config-value] Take out one of them.',
    ],
  },
  {
    what: 'from: 6to4 with a private address',
    texts: [(head + tr).replace('from: dhcpcd', 'from: 6to4, ipv4: 192.168.1.10')],
    told: [
      'c.yaml:2:55: uplinks.dsl.prefix.ipv4: 192.168.1.10 is private (RFC 1918): no 6to4 site can have it [config-prefix] Write the public address that the Internet sees.',
    ],
  },
  {
    what: 'two clients that the server takes for one',
    texts: [
      `uplinks:
  dsl: { interface: eth0, prefix: { from: dhcpv6, ias: 8 } }
  cable: { interface: eth3, prefix: { from: dhcpv6, iaid: 8 } }
  fibre: { interface: eth4, prefix: { from: dhcpv6, iaid: 9, ias: 2 } }
  lte: { interface: eth5, prefix: { from: dhcpv6, stateless: true } }
  spare: { interface: eth6, prefix: { from: dhcpv6, stateless: true } }
  one: { interface: eth7, prefix: { from: dhcpv6, duid: "00:03:00:01:02:00:5e:10:00:01" } }
  other: { interface: eth8, prefix: { from: dhcpv6, duid: "0003000102005E100001" } }
  last: { interface: eth9, prefix: { from: dhcpv6, iaid: 4294967295, ias: 2 } }
${head.slice(head.indexOf('networks:'))}translate: [${['dsl', 'cable', 'fibre', 'lte', 'spare', 'one', 'other', 'last'].map((uplink) => `{ network: home, uplink: ${uplink} }`).join(', ')}]
`,
    ],
    told: [
      'c.yaml:3:59: uplinks.cable.prefix.iaid: uplink "dsl" has the IAID 8 already, with the same DUID [config-duplicate] Write "iaid: 9" here; the server would take both for one.',
      'c.yaml:8:37: uplinks.other.prefix: uplink "one" has the IAID 1 already, with the same DUID [config-duplicate] Write "iaid: 2" here; the server would take both for one.',
      'c.yaml:9:58: uplinks.last.prefix.iaid: IAIDs have 32 bits [config-value] Write a smaller iaid, or fewer ias.',
    ],
  },
  {
    what: 'a DUID that is none',
    texts: [(head + tr).replace('from: dhcpcd', 'from: dhcpv6, duid: eth0, ias: 17')],
    told: [
      'c.yaml:2:57: uplinks.dsl.prefix.duid: "eth0" is not a DUID: it is not bytes in hexadecimal digits [config-value] Write it as in 00:03:00:01:02:00:5e:10:00:01.',
      'c.yaml:2:68: uplinks.dsl.prefix.ias: 17 is not from 1 to 16 [config-value] Write a number from 1 to 16.',
    ],
  },
  {
    what: 'a misspelt source',
    texts: [(head + tr).replace('from: dhcpcd', 'from: dhcpd')],
    told: [
      'c.yaml:2:43: uplinks.dsl.prefix.from: "dhcpd" is not dhcpv6, dhcpcd, networkd, networkmanager, hook, route, address, static or 6to4 [config-value] Write dhcpcd.',
    ],
  },
  {
    what: 'missing keys',
    texts: [(head + tr).replace('interface: eth0, ', '').replace('id: 1, ', '')],
    told: [
      'c.yaml:2:8: uplinks.dsl: "interface" is missing [config-key-missing] Add interface.',
      'c.yaml:8:16: networks.home.subnets.servers: "id" is missing [config-key-missing] Add id.',
    ],
  },
  {
    what: 'a key that does not go with the own client, which is meant without "from"',
    texts: [(head + tr).replace('from: dhcpcd', 'protocol: 16, form: dhcpcd')],
    told: [
      'c.yaml:2:37: uplinks.dsl.prefix.protocol: "protocol" does not go with "from: dhcpv6", which is meant without "from" [config-key-unknown] Add from, or take out protocol.',
      'c.yaml:2:51: uplinks.dsl.prefix: unknown key "form" [config-key-unknown] Write from.',
    ],
  },
  {
    what: 'two uplinks that both leave everything to the own client',
    texts: [(head + tr).replace(', prefix: { from: dhcpcd } }', ' }\n  lte: { interface: eth9 }')],
    told: [
      'c.yaml:3:8: uplinks.lte: uplink "dsl" has the IAID 1 already, with the same DUID [config-duplicate] Write "prefix: { iaid: 2 }" here; the server would take both for one.',
    ],
  },
  {
    what: 'a key that goes with another source',
    texts: [(head + tr).replace('from: dhcpcd', 'from: static, length: 56')],
    told: [
      'c.yaml:2:35: uplinks.dsl.prefix: "prefix" is missing [config-key-missing] Add prefix.',
      'c.yaml:2:51: uplinks.dsl.prefix.length: "length" does not go with "from: static" [config-key-unknown] Take out length.',
    ],
  },
  {
    what: 'a length beyond 64',
    texts: [(head + tr).replace('from: dhcpcd', 'from: dhcpcd, length: 65')],
    told: [
      'c.yaml:2:59: uplinks.dsl.prefix.length: 65 is not from 1 to 64 [config-value] Write a number from 1 to 64.',
    ],
  },
  {
    what: 'a ULA from the provider',
    texts: [(head + tr).replace('from: dhcpcd', 'from: static, prefix: "fd99::/48"')],
    told: [
      'c.yaml:2:59: uplinks.dsl.prefix.prefix: fd99::/48 is in fc00::/7, which the Internet does not route (RFC 4193) [config-prefix] Write the prefix that the provider routes to you.',
    ],
  },
  {
    what: 'a provider prefix longer than /64',
    texts: [(head + tr).replace('from: dhcpcd', 'from: static, prefix: "2a00::/80"')],
    told: [
      'c.yaml:2:59: uplinks.dsl.prefix.prefix: 2a00::/80 is longer than /64, so no subnet fits [config-prefix] Write the prefix that the provider routes to you.',
    ],
  },
  {
    what: 'the same prefix outside and inside',
    texts: [
      (head + tr)
        .replace('from: dhcpcd', 'from: static, prefix: "2a00:1::/48"')
        .replace('fd12:3456:789a::/48', '2a00:1::/56'),
    ],
    told: [
      'c.yaml:2:59: uplinks.dsl.prefix.prefix: 2a00:1::/48 overlaps the inside prefix 2a00:1::/56 of "home" (line 5) [config-overlap] Give the network a prefix of its own; "sixgate ula" makes one.',
    ],
  },
  {
    what: 'a health check that says nothing',
    texts: [
      (head + tr).replace(
        '{ from: dhcpcd } }',
        '{ from: dhcpcd }, health: { targets: ["fe80::1", "fd00::1"], timeout: 9 } }\n  lte: { interface: eth9, prefix: { from: dhcpcd }, health: { targets: [], down: 0 } }',
      ),
    ],
    told: [
      'c.yaml:2:73: uplinks.dsl.health.targets[0]: fe80::1 is no address on the Internet: its answer would say nothing of the way there [config-value] Name a host on the Internet that answers ping.',
      'c.yaml:2:84: uplinks.dsl.health.targets[1]: fd00::1 is no address on the Internet: its answer would say nothing of the way there [config-value] Name a host on the Internet that answers ping.',
      'c.yaml:2:105: uplinks.dsl.health.timeout: an answer may take 9 s, longer than the 5 s from one round to the next [config-value] Write a timeout that is not longer than the interval.',
      'c.yaml:3:72: uplinks.lte.health.targets: nobody is asked whether the Internet can be reached [config-value] Name at least one host that answers ping, or take "targets" out for public resolvers.',
      'c.yaml:3:82: uplinks.lte.health.down: 0 is not from 1 to 100 [config-value] Write a number from 1 to 100.',
    ],
  },
  {
    what: 'an order of preference that cannot be',
    texts: [
      head.replace('prefix: fd', 'prefer: [dsl, dsl, lte, ltee]\n    prefix: fd') + tr,
      'uplinks: { lte: { interface: eth9, prefix: { from: dhcpcd } } }\n',
    ],
    told: [
      'c.yaml:5:19: networks.home.prefer[1]: "dsl" stands twice in this order [config-duplicate] Leave only one of them.',
      'c.yaml:5:24: networks.home.prefer[2]: "home" is not translated on "lte", so it has no way out there [config-reference] Add { network: home, uplink: lte } under translate, or take it out.',
      'c.yaml:5:29: networks.home.prefer[3]: there is no uplink "ltee" [config-reference] Write lte.',
    ],
  },
  {
    what: 'a network without state on one of two uplinks',
    texts: [
      head + 'translate: [{ network: home, uplink: dsl, mode: rfc6296 }, { network: home, uplink: lte }]\n',
      'uplinks: { lte: { interface: eth9, prefix: { from: dhcpcd } } }\n',
    ],
    told: [
      'c.yaml:9:49: translate[0].mode: "home" has another uplink (line 9), and without state its flows could not stay on theirs [config-not-built] Take out "mode: rfc6296", or one of the uplinks.',
    ],
  },
  {
    what: 'marks that are too few',
    texts: [
      head + 'routing: { mask: 1 }\ntranslate: [{ network: home, uplink: dsl }, { network: home, uplink: lte }]\n',
      'uplinks: { lte: { interface: eth9, prefix: { from: dhcpcd } } }\n',
    ],
    told: [
      'c.yaml:9:18: routing.mask: 0x00000001 has room for 1 of the 2 uplinks [config-value] Write a mask with more bits under routing.',
    ],
  },
  {
    what: 'marks whose bits are apart',
    texts: [
      head + 'routing: { mask: 0x50 }\ntranslate: [{ network: home, uplink: dsl }, { network: home, uplink: lte }]\n',
      'uplinks: { lte: { interface: eth9, prefix: { from: dhcpcd } } }\n',
    ],
    told: [
      'c.yaml:9:18: routing.mask: the bits of 0x00000050 do not follow each other [config-value] Write a mask like 0x0f000000.',
    ],
  },
  {
    what: 'no translation of what is not the own prefix of the uplink',
    texts: [
      head.replace('from: dhcpcd', 'from: static, prefix: "2a00:1::/48"') +
        '  own: { prefix: "2a00:2::/56", subnets: { x: { id: 0 } } }\ntranslate: [{ network: home, uplink: dsl, mode: none }, { network: own, uplink: lte, mode: none }]\n',
      'uplinks: { lte: { interface: eth9, prefix: { from: static, prefix: "2a00:1:1::/48" } } }\n',
    ],
    told: [
      'c.yaml:10:49: translate[0].mode: fd12:3456:789a::/48 is a unique local prefix, which no provider routes: it has to be translated on "dsl" [config-value] Take "mode: none" out, or write the prefix that is routed to you.',
      'c.yaml:10:92: translate[1].mode: 2a00:2::/56 is not a part of 2a00:1:1::/48, which is what "lte" has [config-value] Take "mode: none" out, or correct one of the prefixes.',
    ],
  },
  {
    what: 'kinds that do not merge',
    texts: [head + tr, 'uplinks: []\n'],
    told: [
      'conf.d/1.yaml:1:10: a list cannot be merged with a map in line 2 of c.yaml [config-type] Write the same kind of value in both places.',
    ],
  },
  {
    what: 'problems in several files',
    texts: [head + tr, 'networks: { home: { subnets: { guests: { id: 1, interface: eth0 } } } }\n', 'translat: []\n'],
    told: [
      'conf.d/1.yaml:1:46: networks.home.subnets.guests.id: subnet "servers" (line 8 of c.yaml) has the ID 1 already [config-duplicate] Give every subnet an ID of its own.',
      'conf.d/1.yaml:1:60: networks.home.subnets.guests.interface: eth0 is the interface of uplink "dsl" already (line 2 of c.yaml) [config-duplicate] Give the subnet another interface.',
      'conf.d/2.yaml:1:1: unknown key "translat" [config-key-unknown] Write translate.',
    ],
  },
  {
    what: 'names that could steer a terminal',
    texts: ['networks: { "\\e[31m": { prefix: "\\e[0m" } }\n'],
    told: [
      'c.yaml:1:13: networks: "\\u{1b}[31m" is not a name [config-name] Write a small letter and up to 30 small letters, digits or "-".',
      'c.yaml:1:23: networks."\\u{1b}[31m": "subnets" is missing [config-key-missing] Add subnets.',
      'c.yaml:1:33: networks."\\u{1b}[31m".prefix: "\\u{1b}[0m" has no prefix length [config-prefix] Add it after a slash, as in fd12:3456:789a::/48.',
    ],
  },
];

/** What is told about these files: `file:line:col: message [code] mend`. */
function refusals(texts: readonly string[]): string[] {
  const loaded = loadConfig(
    texts.map((text, index) => ({ name: index === 0 ? 'c.yaml' : `conf.d/${index}.yaml`, text })),
  );
  if (loaded.ok) return [];
  return loaded.problem.map((problem) => `${formatConfigProblem(problem)} [${problem.code}] ${problem.mend}`);
}

describe('what is refused', () => {
  test.each(cases)('$what', ({ texts, told }) => {
    expect(refusals(texts)).toEqual(told);
  });
});
