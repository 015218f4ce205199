import { formatPrefix, parsePrefix, prefixOf } from '../core/prefix.ts';
import { parseInterfaceName } from '../core/interface-name.ts';
import { quote } from '../core/quote.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import { ulaPrefix } from '../core/ula.ts';
import { asking } from '../config/draft-setup.ts';
import {
  proposeLans,
  proposeLength,
  proposeSource,
  proposeUplink,
  setupSources,
  usableInterfaces,
  type SetupSource,
} from '../engine/setup/propose-setup.ts';
import { nameLans, networkLength, type Setup, type SetupLan } from '../engine/setup/setup.ts';
import type { SetupFacts } from '../engine/setup/setup-facts.ts';
import type { Questioner } from './questioner.ts';
import { messageColors, printMessage } from './terminal.ts';

/** Each one answers a question that is then not asked. */
export interface InitOptions {
  readonly uplink?: string;
  readonly lan?: readonly string[];
  readonly from?: string;
  readonly length?: string;
  readonly prefix?: string;
  readonly advertise?: boolean;
  /** Asks for no question: it is off without the option. */
  readonly offload?: true;
}

/** Answers by options, then by the person who is asked, then by what is proposed; `random` becomes a ULA. */
export async function askSetup(
  options: InitOptions,
  facts: SetupFacts,
  questioner: Questioner | undefined,
  random: Uint8Array,
): Promise<Result<Setup>> {
  /** An option, a question, or the proposal; without one, what `undecided` says is missing. */
  async function answer<T>(
    given: string | undefined,
    question: string,
    proposed: string | undefined,
    read: (text: string) => Result<T>,
    undecided: () => Result<T>,
  ): Promise<Result<T>> {
    if (given !== undefined) return read(given);
    if (questioner) return questioner.ask(question, proposed, read);
    return proposed === undefined ? undecided() : read(proposed);
  }
  const missing = (what: string, mend: string) => (): Result<never> =>
    fail({ code: 'init-undecided', message: what, mend });

  if (questioner) printMessage(formatInterfaces(facts));
  const uplink = await answer(
    options.uplink,
    'Which interface leads to the provider?',
    proposeUplink(facts)?.name,
    parseInterfaceName,
    missing('which interface leads to the provider cannot be told: none stands out', 'Name it: --uplink INTERFACE.'),
  );
  if (!uplink.ok) return uplink;

  const lans = await answer(
    options.lan?.join(' '),
    'Which are the LANs, the most important first?',
    proposeLans(facts, uplink.value)
      .map(({ name }) => name)
      .join(' ') || undefined,
    (text) => readLans(text, uplink.value),
    missing('there is no interface that could be a LAN', 'Name it: --lan INTERFACE.'),
  );
  if (!lans.ok) return lans;

  const source = proposeSource(facts, uplink.value);
  const from = await answer(
    options.from,
    `Who asks the provider for the prefix (${source.because})? ${setupSources.join(', ')}`,
    source.from,
    readSource,
    missing('', ''),
  );
  if (!from.ok) return from;

  const proposed = proposeLength(facts, uplink.value);
  const asked = asking.has(from.value) || from.value === 'networkd' || from.value === 'hook';
  const length = await answer(
    options.length ?? (asked ? undefined : String(proposed.length)),
    `Which length of prefix is it asked for (${proposed.because})?`,
    String(proposed.length),
    readLength,
    missing('', ''),
  );
  if (!length.ok) return length;

  const fresh = prefixOf(ulaPrefix(random).address, networkLength(length.value, lans.value.length));
  const prefix = await answer(
    options.prefix,
    'Which prefix is for the inside (this one is fresh)?',
    formatPrefix(fresh),
    (text) => readPrefix(text, lans.value.length),
    missing('', ''),
  );
  if (!prefix.ok) return prefix;

  let { advertise } = options;
  if (advertise === undefined && questioner) {
    const answered = await questioner.confirm('Shall sixgate announce it on the LANs, by radvd?', facts.radvdFree);
    if (!answered.ok) return answered;
    advertise = answered.value;
  }
  return succeed({
    uplink: uplink.value,
    from: from.value,
    ...(from.value === 'hook' && { client: source.client ?? 'dhclient' }),
    length: length.value,
    prefix: prefix.value,
    lans: lans.value,
    advertise: advertise ?? facts.radvdFree,
    offload: options.offload ?? false,
  });
}

function formatInterfaces(facts: SetupFacts): string {
  const colors = messageColors();
  const uplink = proposeUplink(facts);
  const lans = proposeLans(facts, uplink?.name);
  const rows = usableInterfaces(facts).map(({ name, up, carrier }) => {
    const lan = lans.find((each) => each.name === name);
    const role = name === uplink?.name ? `uplink: ${uplink.because}` : lan ? `LAN: ${lan.because}` : '';
    return [name, up ? (carrier ? 'up' : 'no carrier') : 'down', role];
  });
  const width = Math.max(0, ...rows.map(([name]) => name!.length));
  const lines = rows.map(([name, state, role]) => `  ${name!.padEnd(width)}  ${state!.padEnd(10)}  ${role}`.trimEnd());
  return `${colors.bold('Interfaces')}\n${lines.join('\n')}\n`;
}

/** Names between blanks or commas, each as INTERFACE or NAME=INTERFACE. */
function readLans(text: string, uplink: string): Result<readonly SetupLan[]> {
  const given = text.split(/[\s,]+/).filter((each) => each !== '');
  const pairs = given.map((each) => /^([^=]*)=(.*)$/.exec(each)?.slice(1) ?? [undefined, each]);
  const named = nameLans(pairs.map(([, name]) => name!));
  const lans: SetupLan[] = [];
  for (const [index, [subnet, on]] of pairs.entries()) {
    const parsed = parseInterfaceName(on!);
    if (!parsed.ok) return parsed;
    const name = subnet ?? named[index]!.name;
    const wrong =
      on === uplink
        ? `${on} is the uplink and cannot be a LAN as well`
        : lans.some((lan) => lan.interface === on)
          ? `${on} stands twice`
          : !/^[a-z][a-z0-9-]{0,30}$/.test(name) || lans.some((lan) => lan.name === name)
            ? `${quote(name)} is no name for a subnet, or stands twice: small letters, digits and "-"`
            : undefined;
    if (wrong !== undefined) return fail({ code: 'init-value', message: wrong });
    lans.push({ name, interface: on! });
  }
  if (lans.length > 0) return succeed(lans);
  return fail({ code: 'init-value', message: 'at least one interface has to be a LAN' });
}

function readSource(text: string): Result<SetupSource> {
  const found = setupSources.find((each) => each === text);
  if (found !== undefined) return succeed(found);
  return fail({ code: 'init-value', message: `${quote(text)} is none of ${setupSources.join(', ')}` });
}

function readLength(text: string): Result<number> {
  const length = /^\/?\d{1,3}$/.test(text) ? Number(text.replace('/', '')) : NaN;
  if (length >= 20 && length <= 64) return succeed(length);
  return fail({ code: 'init-value', message: `${quote(text)} is not a length that a provider delegates (20 to 64)` });
}

function readPrefix(text: string, lans: number): ReturnType<typeof parsePrefix> {
  const prefix = parsePrefix(text);
  if (!prefix.ok) return prefix;
  const { length } = prefix.value;
  if (length >= 16 && length <= networkLength(64, lans)) return prefix;
  const message = `${formatPrefix(prefix.value)} is no network for ${lans} LAN(s): its length has to be 16 to ${networkLength(64, lans)}`;
  return fail({ code: 'init-value', message });
}
