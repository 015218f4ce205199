import type { InterfaceName } from '../../core/interface-name.ts';
import { formatIpv4, parseIpv4, type Ipv4Address } from '../../core/ipv4.ts';
import type { Problem } from '../../core/problem.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import { readIntentFields, type NameKey } from '../intent/intent-fields.ts';
import { parsePlainName } from '../intent/plain-name.ts';
import { isExampleIpv4, isPrivateIpv4, isSharedIpv4, parsePublicIpv4 } from '../intent/public-ipv4.ts';

/** A gateway that hands protocol 41 to one host behind it, checked. */
export interface NatGateway {
  /** The address that packets arrive at and must leave from, exactly: peers compare it with the 6to4 prefix. */
  readonly external: Ipv4Address;
  readonly target: Ipv4Address;
  /** Empty: anybody, as 6to4 needs it. */
  readonly peers: readonly Ipv4Address[];
  readonly wan?: InterfaceName;
  readonly lan?: InterfaceName;
  readonly example: boolean;
}

export const natGatewayKeys = ['kind', 'external', 'target', 'peer', 'wan', 'lan'];

export function readNatGateway(intent: unknown, name: NameKey): Result<NatGateway, readonly Problem[]> {
  const fields = readIntentFields(intent, natGatewayKeys, name);
  if (fields.has('kind')) fields.choice('kind', ['nat-gateway']);
  const external = fields.required('external', parsePublicIpv4);
  const targets = fields.list('target', parseIpv4);
  if (fields.items('target').length === 0) fields.missing('target');
  const peers = fields.list('peer', parsePublicIpv4);
  const wan = fields.optional('wan', parsePlainName);
  const lan = fields.optional('lan', parsePlainName);
  const target = targets[0];
  if (targets.length > 1) {
    fields.refuse('target', {
      code: 'nat-two-hosts',
      message:
        `${targets.map(formatIpv4).join(' and ')} cannot share one public address: protocol 41 has no ports, so the gateway has ` +
        'nothing to tell their packets apart by',
      mend: 'Let one host have the tunnel and route subnets of its prefix to the others.',
    });
  }
  if (target !== undefined && target === external) {
    const message = `${formatIpv4(target)} is the external address itself`;
    fields.refuse('target', {
      code: 'tunnel-local',
      message,
      mend: 'Without NAT no rules are needed; give the private address otherwise.',
    });
  } else if (target !== undefined && !isPrivateIpv4(target) && !isSharedIpv4(target)) {
    const message = `${formatIpv4(target)} is no private address (RFC 1918), so it needs no translation`;
    fields.refuse('target', { code: 'tunnel-local', message, mend: 'Give the address that the host has inside.' });
  }
  if (external !== undefined && peers.includes(external)) {
    const message = `${formatIpv4(external)} is this gateway itself`;
    fields.refuse('peer', { code: 'tunnel-address', message, mend: 'Give the IPv4 address of the other end.' });
  }
  if (wan !== undefined && wan === lan) {
    fields.refuse('lan', { code: 'interface-name', message: `${lan} is the way out as well` });
  }
  if (external === undefined || target === undefined || fields.problems.length > 0) return fail(fields.problems);
  return succeed({
    external,
    target,
    peers,
    ...(wan !== undefined && { wan }),
    ...(lan !== undefined && { lan }),
    example: [external, ...peers].some(isExampleIpv4),
  });
}
