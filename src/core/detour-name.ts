import { fingerprint } from './fingerprint.ts';

/** The device beside an uplink with stateless translation: 15 characters at most, for any name that Linux takes. */
export function detourName(uplink: string): string {
  return uplink.length <= 11 ? `six-${uplink}` : `six-${fingerprint(uplink)}`;
}
