import { fail, succeed, type Result } from '../core/result.ts';
import { quote } from '../core/quote.ts';
import { parsePinholeHost } from './pinhole-host.ts';
import { list } from './shape/list.ts';
import { named } from './shape/named.ts';
import { object } from './shape/object.ts';
import { choice, integer, text } from './shape/scalars.ts';
import { variants } from './shape/variants.ts';

const label = '[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?';
const domainPattern = `^${label}(\\.${label})*\\.?$`;

const domain = (description: string) =>
  text({
    expected: 'a domain name',
    example: 'www.example.org',
    schema: { pattern: domainPattern, maxLength: 254, description },
    parse: (written): Result<string> =>
      new RegExp(domainPattern).test(written) && written.length <= 254
        ? succeed(written.replace(/\.$/, ''))
        : fail({ code: 'config-value', message: `${quote(written)} is not a domain name` }),
  });

const file = (description: string) =>
  text({
    expected: 'an absolute path',
    example: '/etc/sixgate/tsig.key',
    schema: { pattern: '^/', description },
    parse: (written): Result<string> =>
      /^\/[^\0\n]+$/.test(written)
        ? succeed(written)
        : fail({ code: 'config-value', message: `${quote(written)} is not an absolute path` }),
  });

const word = (pattern: RegExp, expected: string, example: string, description: string) =>
  text({
    expected,
    example,
    schema: { pattern: pattern.source, description },
    parse: (written): Result<string> =>
      pattern.test(written)
        ? succeed(written)
        : fail({ code: 'config-value', message: `${quote(written)} is not ${expected}` }),
  });

const hosts = list(
  'The inside hosts and their names.',
  object({
    description: 'One inside host and its name.',
    required: ['host', 'name'],
    fields: {
      host: text({
        expected: 'a host as subnet::interface-id',
        example: '"servers::10"',
        schema: {
          pattern: '^[a-z][a-z0-9-]{0,30}::[0-9A-Fa-f:.]+$',
          description: 'The host: the name of its subnet and its interface identifier, as in servers::10.',
        },
        parse: parsePinholeHost,
      }),
      name: domain('Its name in the DNS, in full.'),
      uplink: text({
        expected: 'a name',
        example: 'dsl',
        schema: { description: 'Only the address by this uplink counts; without it the first that there is.' },
        parse: (name) => succeed(name),
      }),
    },
  }),
);

/** Where AAAA records of inside hosts are kept. */
export const dnsShape = named(
  'Where the AAAA records of inside hosts are kept at their outside addresses, by name.',
  variants(
    'via',
    choice({ words: ['nsupdate', 'http'], description: 'How records are changed.' }),
    'A DNS server or provider, and the records there.',
    {
      nsupdate: {
        description: 'RFC 2136, by nsupdate.',
        required: ['hosts'],
        fields: {
          server: word(
            /^[A-Za-z0-9.:-]{1,253}$/,
            'a server',
            'ns1.example.org',
            'Without it: the one that the zone names.',
          ),
          port: integer({ minimum: 1, maximum: 65535, description: 'Its port; 53 without it.' }),
          zone: domain('The zone; without it nsupdate finds it out.'),
          keyFile: file('The file with the TSIG key, as tsig-keygen writes it.'),
          ttl: integer({ minimum: 1, maximum: 86_400, description: 'In seconds; 60 without it.' }),
          hosts,
        },
      },
      http: {
        description: 'A page of a provider that is fetched.',
        required: ['url', 'hosts'],
        fields: {
          url: word(
            /^https?:\/\/[^\s/?#@]+[/?][^\s#]*$/,
            'a URL of http or https without a password',
            'https://dyn.example.org/update?host={name}&ip={address}',
            '{name}, {address} and {prefix} are replaced.',
          ),
          user: word(/^[^\s:]+$/, 'a user', 'me', 'For basic authentication.'),
          passwordFile: file('The file that holds the password and nothing else.'),
          hosts,
        },
      },
    },
  ),
);
