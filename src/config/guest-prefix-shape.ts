import { parsePrefix, type Prefix } from '../core/prefix.ts';
import { succeed } from '../core/result.ts';
import { object } from './shape/object.ts';
import { integer, text } from './shape/scalars.ts';
import { refuse, type Located, type Shape } from './shape/shape.ts';

/** A prefix as it was written: itself, a subnet of a network, or a /64 of an uplink whose prefix is known. */
export type GuestPrefixText =
  | { readonly kind: 'prefix'; readonly prefix: Prefix }
  | { readonly kind: 'subnet'; readonly network: Located<string>; readonly subnet: Located<string> }
  | { readonly kind: 'carved'; readonly uplink: Located<string>; readonly id: Located<number> };

/** A prefix written out. */
export const guestPrefixText = (description: string): Shape<Prefix> =>
  text({
    expected: 'an IPv6 prefix',
    example: '2001:db8:0:2::/64',
    code: 'config-prefix',
    schema: { pattern: '^[0-9A-Fa-f:.]+/[0-9]{1,3}$', description },
    parse: parsePrefix,
  });

const written = guestPrefixText('The prefix.');

const name = (description: string, example: string): Shape<string> =>
  text({ expected: 'a name', example, schema: { description }, parse: succeed });

const reference = object({
  description: 'A subnet of a network, or a /64 of an uplink with a fixed prefix.',
  fields: {
    network: name('The network that the subnet belongs to.', 'home'),
    subnet: name('The subnet.', 'servers'),
    uplink: name('The uplink whose fixed prefix is divided.', 'tunnel'),
    id: integer({ minimum: 0, maximum: 2 ** 48 - 1, description: 'Which /64 of it, counted from 0.' }),
  },
});

export const guestPrefix: Shape<GuestPrefixText> = {
  schema: { description: 'A prefix of the guest.', anyOf: [written.schema, reference.schema] },
  read(node, path, report) {
    if (node.kind !== 'map') {
      const read = written.read(node, path, report);
      return read && { ...read, value: { kind: 'prefix', prefix: read.value } };
    }
    const read = reference.read(node, path, report);
    if (!read) return undefined;
    const { network, subnet, uplink, id } = read.value;
    const at = { place: read.place, path };
    if (network && subnet && !uplink && !id) return { ...at, value: { kind: 'subnet', network, subnet } };
    if (uplink && id && !network && !subnet) return { ...at, value: { kind: 'carved', uplink, id } };
    // What was refused in the map has been told.
    const keys = node.entries.map(({ key }) => key);
    if (!['network', 'subnet', 'uplink', 'id'].every((key) => !keys.includes(key) || read.value[key as 'id'])) {
      return undefined;
    }
    const mend = 'Write { network: NAME, subnet: NAME } or { uplink: NAME, id: NUMBER }.';
    return refuse(report, at, 'config-key-missing', 'this names no prefix', mend);
  },
};
