import { parseInterfaceName } from '../core/interface-name.ts';
import { parseIpv6 } from '../core/ipv6.ts';
import { guestPrefix, guestPrefixText } from './guest-prefix-shape.ts';
import { list } from './shape/list.ts';
import { named } from './shape/named.ts';
import { object } from './shape/object.ts';
import { choice, flag, text } from './shape/scalars.ts';

const address = (description: string, example: string) =>
  text({
    expected: 'an IPv6 address',
    example,
    schema: { pattern: '^[0-9A-Fa-f:.]+$', description },
    parse: parseIpv6,
  });

const interfaceFields = {
  prefixes: list('The prefixes on the link between Dom0 and the guest.', guestPrefix),
  addresses: list(
    'Single addresses of the guest, each with a route of its own.',
    address('An address of the guest.', '2001:db8::2'),
  ),
  gateway: address(
    "Dom0's address on the link, which is the guest's gateway: link-local, or in one of its prefixes.",
    'fe80::1',
  ),
  routed: list('Prefixes that are routed through the guest to what is behind it.', guestPrefix),
  via: address(
    'The link-local address of the guest that they are routed to; made of its MAC address where left out.',
    'fe80::2',
  ),
  proxyNdp: flag({
    description: "Whether Dom0 answers for the guest's single addresses on the uplink.",
    default: false,
  }),
  advertise: flag({
    description: 'Whether radvd advertises the prefixes to the guest, so that it configures itself.',
    default: false,
  }),
  antiSpoof: flag({
    description: 'Whether packets of the guest with a source that is not routed to it are dropped.',
    default: true,
  }),
};

const given = ['prefixes', 'addresses', 'routed'] as const;

const guest = object({
  description: 'What a guest gets on its network interface 0, or by device number.',
  anyOf: [...given, 'vifs'],
  fields: {
    ...interfaceFields,
    vifs: named(
      'Its network interfaces by device number, as they are counted in xl.cfg from 0.',
      object({ description: 'One network interface of the guest.', anyOf: given, fields: interfaceFields }),
      {
        pattern: '^(0|[1-9][0-9]{0,3})$',
        what: 'a device number',
        plural: 'device numbers',
        mend: 'Write the place of the interface in the "vif" list of xl.cfg, counted from 0.',
      },
    ),
  },
});

/** The part of a Xen host. */
export const xenShape = object({
  description: 'What a routed Xen host gives its guests.',
  fields: {
    policy: choice({
      words: ['warn', 'fail'],
      description: 'What a failure does to a guest that is about to start: warn lets it start without IPv6.',
      default: 'warn',
    }),
    unlisted: choice({
      words: ['filter', 'ignore'],
      description: 'What becomes of routed guests that are not listed: filter drops forged sources.',
      default: 'filter',
    }),
    uplink: text({
      expected: 'an interface name',
      example: 'eth0',
      schema: {
        minLength: 1,
        maxLength: 15,
        pattern: '^[^\\s/:%*+!"\\\\]+$',
        description: 'The interface towards the provider, for proxy NDP.',
      },
      parse: parseInterfaceName,
    }),
    block: guestPrefixText('The prefix that the provider routes to this host: guests have theirs in it.'),
    address: address(
      'A global address of Dom0 that every guest interface gets, so that ICMPv6 errors come from it.',
      '2001:db8::1',
    ),
    dns: list('Recursive DNS servers that router advertisements name.', address('A DNS server.', '2001:db8::53')),
    guests: named('The guests by exact name, by UUID, or one of their interfaces by its MAC address.', guest, {
      pattern: '^[^\\p{Cc}\\p{Zl}\\p{Zp}/]{1,255}$',
      what: 'a name, UUID or MAC address of a guest',
      plural: 'guests',
      mend: 'Write it as "xl list" or xl.cfg has it.',
    }),
  },
});
