import { parseDuid } from '../core/duid.ts';
import { parseInterfaceName } from '../core/interface-name.ts';
import { parseIpv4 } from '../core/ipv4.ts';
import { parseIpv6 } from '../core/ipv6.ts';
import { parsePrefix } from '../core/prefix.ts';
import { dnsShape } from './dns-shape.ts';
import { parsePinholeHost } from './pinhole-host.ts';
import { portRange } from './port-range.ts';
import { routeProtocol } from './route-protocol.ts';
import { list } from './shape/list.ts';
import { named } from './shape/named.ts';
import { object } from './shape/object.ts';
import { choice, flag, integer, text } from './shape/scalars.ts';
import { variants } from './shape/variants.ts';
import { succeed } from '../core/result.ts';
import { xenShape } from './xen-shape.ts';

const interfaceName = (description: string) =>
  text({
    expected: 'an interface name',
    example: 'eth0',
    schema: { minLength: 1, maxLength: 15, pattern: '^[^\\s/:%*+!"\\\\]+$', description },
    parse: parseInterfaceName,
  });

const prefix = (description: string) =>
  text({
    expected: 'an IPv6 prefix',
    example: 'fd12:3456:789a::/48',
    code: 'config-prefix',
    schema: { pattern: '^[0-9A-Fa-f:.]+/[0-9]{1,3}$', description },
    parse: parsePrefix,
  });

const reference = (description: string) =>
  text({ expected: 'a name', example: 'home', schema: { description }, parse: (name) => succeed(name) });

const health = object({
  description:
    'Whether the Internet can be reached through this uplink: echo requests in rounds, out of it and with its own address.',
  fields: {
    targets: list(
      'Who is asked, in turns; one answer is enough. Public resolvers of three operators without it.',
      text({
        expected: 'an IPv6 address',
        example: '2620:fe::fe',
        schema: { format: 'ipv6' },
        parse: parseIpv6,
      }),
    ),
    interval: integer({ minimum: 1, maximum: 3600, description: 'Seconds from one round to the next; 5 without it.' }),
    timeout: integer({ minimum: 1, maximum: 60, description: 'Seconds that an answer may take; 1 without it.' }),
    down: integer({
      minimum: 1,
      maximum: 100,
      description: 'Rounds without an answer, one after the other, that make the uplink down; 3 without it.',
    }),
    up: integer({
      minimum: 1,
      maximum: 1000,
      description: 'Answered rounds, one after the other, that make it up again; 5 without it.',
    }),
  },
});

const routing = object({
  description:
    'What networks with a choice of uplinks use of the kernel; with {} also others find their uplink by their source address.',
  fields: {
    table: integer({
      minimum: 256,
      maximum: 0x7fff_0000,
      description: 'The routing tables that are ours come after this one, one an uplink; 6600 without it.',
    }),
    priority: integer({
      minimum: 1,
      maximum: 32_700,
      description: 'The priority of our first rule, the others have the next ones; 30000 without it.',
    }),
    mask: integer({
      minimum: 1,
      maximum: 0xffff_ffff,
      description: 'The bits of marks that are ours, one after the other; 0x0f000000 without it.',
    }),
  },
});

const uplink = object({
  description: 'A way to the IPv6 Internet.',
  required: ['interface'],
  fields: {
    interface: interfaceName('The interface towards the provider.'),
    prefix: variants(
      'from',
      choice({
        words: ['dhcpv6', 'dhcpcd', 'networkd', 'networkmanager', 'hook', 'route', 'address', 'static', '6to4'],
        description: "Who says which prefix is delegated; sixgate's own client (dhcpv6) without it.",
        default: 'dhcpv6',
      }),
      "Where the outside prefix comes from; without it sixgate's own client asks.",
      {
        dhcpv6: {
          description: "Delegated by the provider over DHCPv6, asked for by sixgate's own client.",
          fields: {
            length: integer({
              minimum: 1,
              maximum: 64,
              description: 'The prefix length to ask for; the provider may give another.',
            }),
            ias: integer({
              minimum: 1,
              maximum: 16,
              description: 'How many prefixes to ask for, each in an identity association of its own.',
            }),
            iaid: integer({
              minimum: 0,
              maximum: 0xffff_ffff,
              description: 'The identifier of the first identity association; the others count on.',
            }),
            duid: text({
              expected: 'a DUID',
              example: '00:03:00:01:02:00:5e:10:00:01',
              schema: {
                pattern: '^[0-9A-Fa-f:-]{6,389}$',
                description: 'Who this client is to the server (RFC 9915 section 11).',
              },
              parse: parseDuid,
            }),
            stateless: flag({
              description:
                'Whether no identity is stored: it is that of the MAC address, and the first message asks for a new lease.',
              default: false,
            }),
            rapidCommit: flag({
              description: 'Whether two messages may do where the server allows it.',
              default: true,
            }),
            firstOffer: flag({
              description: 'Whether the first offer is taken at once, where the RFC waits a second for better ones.',
              default: false,
            }),
            release: flag({ description: 'Whether the prefix is given back when the daemon stops.', default: false }),
          },
        },
        dhcpcd: {
          description: 'Delegated by the provider over DHCPv6, asked for by dhcpcd.',
          fields: {
            length: integer({
              minimum: 1,
              maximum: 64,
              description: 'The prefix length to ask for; the provider may give another.',
            }),
          },
        },
        networkd: {
          description:
            'Delegated by the provider over DHCPv6, asked for by systemd-networkd; its .network file says how.',
          fields: {},
        },
        networkmanager: {
          description:
            'Delegated by the provider over DHCPv6, asked for by NetworkManager while a connection shares the prefix.',
          fields: {
            of: interfaceName(
              'The interface of that connection, whose address tells the prefix where NetworkManager does not name it.',
            ),
            length: integer({
              minimum: 20,
              maximum: 64,
              description: 'How long the delegated prefix is, where NetworkManager does not name it.',
            }),
          },
        },
        hook: {
          description: 'Delegated to a client that runs a hook of sixgate at each event, or told by "sixgate event".',
          fields: {
            client: choice({
              words: ['dhclient', 'odhcp6c', 'generic'],
              description: 'Which client it is; generic is whoever writes in the documented form.',
              default: 'generic',
            }),
          },
        },
        route: {
          description: 'The unreachable route that any DHCPv6 client leaves for the prefix it was delegated.',
          fields: {
            protocol: routeProtocol('Who made the route, as "ip -6 route" shows it behind proto; dhcp without it.'),
            within: prefix('Only routes for a part of this prefix count.'),
          },
        },
        address: {
          description: 'The prefix of the address that an interface has, as on a link with one /64 and no delegation.',
          fields: {
            of: interfaceName("The interface whose address counts; the uplink's own without it."),
            length: integer({ minimum: 20, maximum: 64, description: 'How long the prefix is; 64 without it.' }),
          },
        },
        static: {
          description: 'A prefix that never changes.',
          required: ['prefix'],
          fields: { prefix: prefix('The prefix that is routed to this uplink.') },
        },
        '6to4': {
          description: 'The /48 of a public IPv4 address (RFC 3056); the uplink is the tunnel.',
          fields: {
            ipv4: text({
              expected: 'an IPv4 address',
              example: '192.0.2.4',
              schema: { format: 'ipv4', description: 'The public IPv4 address, also behind NAT.' },
              parse: parseIpv4,
            }),
            of: interfaceName('The interface whose public IPv4 address counts, and is followed when it changes.'),
          },
        },
      },
      'dhcpv6',
    ),
    health,
  },
});

const subnet = object({
  description: 'One /64 of the network.',
  required: ['id'],
  fields: {
    id: integer({ minimum: 0, maximum: 2 ** 48 - 1, description: 'Which /64 of the network, counted from 0.' }),
    interface: interfaceName('The interface it is on; left out where another router has it.'),
  },
});

const network = object({
  description: 'A stable inside prefix, divided into subnets.',
  required: ['prefix', 'subnets'],
  fields: {
    prefix: prefix('The inside prefix, /16 to /64; "sixgate ula" makes one.'),
    subnets: named(
      'The subnets by name; their order is their priority when a delegation is too small for all.',
      subnet,
    ),
    prefer: list(
      'The uplinks of this network by name, best first; the order of translate without it.',
      reference('The name of an uplink.'),
    ),
    advertise: object({
      description:
        'Router advertisements by radvd: its configuration is kept in /run/sixgate/radvd.conf, with a default route for as long as there is a mapping.',
      fields: {
        dns: list(
          'Recursive DNS servers that hosts are told (RFC 8106).',
          text({
            expected: 'an IPv6 address',
            example: 'fd12:3456:789a::1',
            schema: { format: 'ipv6' },
            parse: parseIpv6,
          }),
        ),
      },
    }),
  },
});

const pinhole = object({
  description: 'One inside host and what may reach it unasked.',
  required: ['to'],
  anyOf: ['tcp', 'udp', 'icmp'],
  fields: {
    to: text({
      expected: 'a host as subnet::interface-id',
      example: '"servers::10"',
      schema: {
        pattern: '^[a-z][a-z0-9-]{0,30}::[0-9A-Fa-f:.]+$',
        description: 'The host: the name of its subnet and its interface identifier, as in servers::10.',
      },
      parse: parsePinholeHost,
    }),
    tcp: list('TCP ports and ranges of ports.', portRange('443 or "6000-6100"')),
    udp: list('UDP ports and ranges of ports.', portRange('443 or "6000-6100"')),
    icmp: flag({ description: 'Whether it answers echo requests (ping).', default: false }),
  },
});

const translation = object({
  description: 'One network on one uplink.',
  required: ['network', 'uplink'],
  fields: {
    network: reference('The name of the network.'),
    uplink: reference('The name of the uplink.'),
    mode: choice({
      words: ['stateful', 'rfc6296', 'none'],
      description:
        "How packets are translated: stateful keeps the host part and follows connections, rfc6296 follows nothing and touches no checksum; none: not at all, since the network's prefix is this uplink's own.",
      default: 'stateful',
    }),
    subprefix: integer({
      minimum: 0,
      maximum: 2 ** 44 - 1,
      description:
        "Which part of a delegation that is larger than the network it gets, in steps of the network's length, counted from 0; without it the first.",
    }),
    hairpin: flag({ description: 'Whether inside hosts reach each other by their outside addresses.', default: true }),
    inbound: choice({
      words: ['deny', 'allow'],
      description: 'What becomes of connections from outside that no pinhole allows.',
      default: 'deny',
    }),
    allow: list('The pinholes: what may come in unasked.', pinhole),
    offload: flag({
      description:
        "Whether established flows take the kernel's flowtable: faster, and past all rules of the forward hook, also other people's.",
      default: false,
    }),
  },
});

const failover = object({
  description: 'Two routers of which one is active; the other one keeps the guard and waits.',
  required: ['by'],
  fields: {
    by: choice({
      words: ['keepalived'],
      description: 'Who says which one this is: "sixgate generate failover" writes its configuration.',
    }),
  },
});

/** The whole file: the one definition behind the reader and the JSON Schema. */
export const configShape = object({
  description: 'The configuration of sixgate (/etc/sixgate/config.yaml).',
  fields: {
    uplinks: named('The ways to the IPv6 Internet by name.', uplink),
    networks: named('The stable inside networks by name.', network),
    translate: list('Which network is translated on which uplink.', translation),
    routing,
    backend: choice({
      words: ['nftables', 'ip6tables'],
      description: 'Who has the rules: nftables, or ip6tables on hosts that must keep it.',
      default: 'nftables',
    }),
    xen: xenShape,
    failover,
    dns: dnsShape,
  },
});
