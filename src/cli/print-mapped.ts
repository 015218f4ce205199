import { subprefixOf } from '../core/carve.ts';
import { dropReasons } from '../core/counterpart.ts';
import { formatIpv6 } from '../core/ipv6.ts';
import { deriveMapper, type Mapper, type MappingMode } from '../core/map-address.ts';
import { formatPrefix, parsePrefix, subnetCount, type Prefix } from '../core/prefix.ts';
import { quote } from '../core/quote.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import { formatZonedAddress, parseZonedAddress } from '../core/zoned-address.ts';
import { answerTexts, type Answer } from './answer-texts.ts';
import { printProblem } from './print-problem.ts';
import { dataColors } from './terminal.ts';

export interface MapOptions {
  readonly inside: string;
  readonly outside: string;
  readonly subprefix?: string | undefined;
  readonly mode: MappingMode;
  readonly json: boolean;
}

export function printMapped(args: readonly string[], options: MapOptions): number {
  const inside = parsePrefix(options.inside);
  if (!inside.ok) return printProblem(inside.problem, 'sixgate: --inside: ');
  const outside = parsePrefix(options.outside);
  if (!outside.ok) return printProblem(outside.problem, 'sixgate: --outside: ');
  const part = choosePart(outside.value, inside.value.length, options.subprefix);
  if (!part.ok) return printProblem(part.problem, 'sixgate: --subprefix: ');
  const mapper = deriveMapper({ inside: inside.value, outside: part.value, mode: options.mode });
  if (!mapper.ok) return printProblem(mapper.problem);
  const colors = dataColors();
  // One address is asked by a script that wants nothing but the answer.
  const alone = args.length === 1 && args[0] !== '-';
  return answerTexts(args, (text) => answerMapped(mapper.value, text), {
    json: options.json,
    paint: ([canonical, arrow, other]) =>
      alone ? other! : `${colors.bold(canonical)}  ${colors.dim(arrow)}  ${other}`,
  });
}

function choosePart(outside: Prefix, length: number, subprefix: string | undefined): Result<Prefix> {
  if (subprefix === undefined) return succeed(outside);
  const part = /^[0-9]{1,15}$/.test(subprefix) ? subprefixOf(outside, length, Number(subprefix)) : undefined;
  if (part) return succeed(part);
  const parts = subnetCount(outside, length) || 1n;
  return fail({
    code: 'prefix-length',
    message: `${formatPrefix(outside)} has no part ${quote(subprefix)} of /${length}`,
    mend: parts === 1n ? 'Leave it out: there is one part.' : `Write a number from 0 to ${parts - 1n}.`,
  });
}

function answerMapped(mapper: Mapper, text: string): Result<Answer> {
  const zoned = parseZonedAddress(text);
  if (!zoned.ok) return zoned;
  const { address } = zoned.value;
  const canonical = formatZonedAddress(zoned.value);
  const direction = mapper.direction(address) ?? null;
  const { mapped, reason } = mapper.map(address);
  const facts = { schemaVersion: 1, input: text, canonical, direction };
  if (mapped === null) {
    const message = dropReasons[reason];
    return succeed({
      json: { ...facts, mapped, reason, message },
      columns: [canonical, '--', `dropped: ${message}`],
      yes: false,
    });
  }
  return succeed({
    json: { ...facts, mapped: formatIpv6(mapped), reason },
    columns: [canonical, '->', formatIpv6(mapped)],
    yes: true,
  });
}
