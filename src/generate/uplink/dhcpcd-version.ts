import { quote } from '../../core/quote.ts';
import { fail, succeed, type Result } from '../../core/result.ts';

/** Major, minor and patch number of a dhcpcd; a missing one is 0. */
export type DhcpcdVersion = readonly [number, number, number];

/** Reads `9.4.1`, or the first line of `dhcpcd --version`. */
export function parseDhcpcdVersion(text: string): Result<DhcpcdVersion> {
  const read = /^(?:dhcpcd )?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?=\s|$)/.exec(text);
  if (!read) {
    return fail({
      code: 'version-syntax',
      message: `${quote(text.split('\n', 1)[0]!)} is not a version of dhcpcd`,
      mend: 'Write it as in 9.4.1.',
    });
  }
  return succeed([Number(read[1]), Number(read[2]), Number(read[3] ?? 0)]);
}

/** Whether `-` stands for "delegate to no interface": from 10.0.6 on. */
export function knowsNoInterface([major, minor, patch]: DhcpcdVersion): boolean {
  return major > 10 || (major === 10 && (minor > 0 || patch >= 6));
}
