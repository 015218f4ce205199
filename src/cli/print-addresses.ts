import { answerTexts, type Answer } from './answer-texts.ts';
import { succeed, type Result } from '../core/result.ts';
import { describeAddress, type EmbeddedText } from '../core/describe-address.ts';
import { dataColors } from './terminal.ts';

export function printAddresses(args: readonly string[], options: { readonly json?: true }): number {
  const colors = dataColors();
  return answerTexts(args, answerAddress, {
    json: options.json === true,
    paint: ([canonical, name, source, embedded]) =>
      `${colors.bold(canonical)}  ${name}  ${colors.dim(source)}  ${colors.cyan(embedded)}`.trimEnd(),
  });
}

function answerAddress(text: string): Result<Answer> {
  const described = describeAddress(text);
  if (!described.ok) return described;
  const { canonical, name, multicastScope, range, rfc, embedded } = described.value;
  return succeed({
    json: described.value,
    columns: [
      canonical,
      multicastScope === undefined ? name : `${name}, ${multicastScope}`,
      `${range}, ${rfc}`,
      embedded.map(phrase).join(', '),
    ],
    yes: true,
  });
}

function phrase(embedded: EmbeddedText): string {
  switch (embedded.kind) {
    case 'eui64':
      return `MAC ${embedded.mac}`;
    case 'teredo':
      return `client ${embedded.client} port ${embedded.port}, server ${embedded.server}`;
    case 'isatap':
      return `ISATAP IPv4 ${embedded.ipv4}`;
    default:
      return `IPv4 ${embedded.ipv4}`;
  }
}
