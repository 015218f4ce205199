import { parseInterfaceName, type InterfaceName } from '../../core/interface-name.ts';
import { parseMac } from '../../core/mac-address.ts';
import { quote } from '../../core/quote.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import type { Generated } from '../generated.ts';
import { readIntentFields, type NameKey } from '../intent/intent-fields.ts';
import { parseDhcpcdVersion } from './dhcpcd-version.ts';
import { uplinkTargets, type UplinkTarget } from './uplink-targets.ts';

export const uplinkKeys = ['kind', 'interface', 'length', 'dhcpcdVersion', 'iaid', 'stateless', 'mac'];

/** Where the hook leaves events unless the daemon was told another place. */
export const defaultEventsDirectory = '/run/sixgate/events';

export interface UplinkRequest {
  readonly target: UplinkTarget;
  /** Absolute. */
  readonly eventsDirectory: string;
  /** Default: the keys as they are. */
  readonly nameKey?: NameKey;
}

/** The client's side of an interface whose prefix comes by DHCPv6, from the JSON of an intent. */
export function generateUplink(intent: unknown, { target, eventsDirectory, nameKey }: UplinkRequest): Generated {
  const fields = readIntentFields(intent, uplinkKeys, nameKey ?? ((key) => key));
  fields.choice('kind', ['uplink']);
  const name = fields.required('interface', parseUplinkName);
  if (!fields.has('length')) fields.missing('length');
  const length = fields.integer('length', { min: 0, max: 128 });
  if (length !== undefined && (length < 20 || length > 64)) {
    fields.refuse('length', {
      code: 'prefix-length',
      message: `${length} is not the length of a prefix that a provider delegates (20 to 64)`,
      mend: 'Ask for what the provider offers: 56 and 60 are usual.',
    });
  }
  // The stanza of ifupdown is the same for every dhcpcd.
  const version =
    target === 'dhcpcd'
      ? fields.required('dhcpcdVersion', parseDhcpcdVersion)
      : (fields.optional('dhcpcdVersion', parseDhcpcdVersion) ?? ([0, 0, 0] as const));
  const iaid = fields.integer('iaid', { min: 0, max: 999_999_999 });
  const stateless = fields.flag('stateless');
  const mac = fields.optional('mac', parseMac);
  if (stateless && !fields.has('mac')) fields.missing('mac');
  for (const key of ['stateless', 'mac', 'iaid']) {
    if (target === 'dhcpcd' || !fields.has(key)) continue;
    const mend =
      target === 'networkd'
        ? 'Leave it out.'
        : 'Give it to "sixgate generate uplink --for dhcpcd", which is beside this stanza.';
    fields.refuse(key, { code: 'intent-value', message: `${target} has nothing to do with it`, mend });
  }
  if (mac !== undefined && !stateless && !fields.problems.length) {
    const mend = 'Add stateless, or leave it out: dhcpcd then makes an identity of its own and stores it.';
    fields.refuse('mac', { code: 'intent-value', message: 'only a stateless client is known by it', mend });
  }
  if (name === undefined || length === undefined || version === undefined || fields.problems.length > 0) {
    return fail(fields.problems);
  }
  const files = uplinkTargets[target]({
    interface: name,
    length,
    eventsDirectory,
    dhcpcdVersion: version,
    ...(iaid !== undefined && { iaid }),
    ...(mac !== undefined && { stateless: { mac } }),
  });
  return succeed({ files, warnings: [], advice: [] });
}

/** dhcpcd reads "allowinterfaces" as patterns between blanks and commas, ifupdown likewise. */
function parseUplinkName(text: string): Result<InterfaceName> {
  const name = parseInterfaceName(text);
  if (!name.ok || /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name.value)) return name;
  const message = `${quote(text)} has characters that dhcpcd or ifupdown would misread`;
  return fail({ code: 'interface-name', message });
}
