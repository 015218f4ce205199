/** How a message is sent again (RFC 9915 section 15). Times in milliseconds; 0 is "no limit". */
export interface Retransmission {
  /** IRT. */
  readonly initial: number;
  /** MRT. */
  readonly longest: number;
  /** MRC: how often it is sent in all. */
  readonly count: number;
}

export type ExchangeType = 'solicit' | 'request' | 'renew' | 'rebind' | 'confirm' | 'release';

/**
 * RFC 9915 section 7.6. `confirm` is a Rebind at a moment when the link may be another one: sent with the figures of a
 * Confirm message (section 18.2.12), which itself is for addresses. Until when (MRD) depends on the leases:
 *
 * | exchange | ends                                |
 * | -------- | ----------------------------------- |
 * | renew    | at T2                               |
 * | rebind   | with the last valid lifetime        |
 * | confirm  | after 10 s: the leases are kept     |
 */
export const retransmissions: Readonly<Record<ExchangeType, Retransmission>> = {
  solicit: { initial: 1000, longest: 3_600_000, count: 0 },
  request: { initial: 1000, longest: 30_000, count: 10 },
  renew: { initial: 10_000, longest: 600_000, count: 0 },
  rebind: { initial: 10_000, longest: 600_000, count: 0 },
  confirm: { initial: 1000, longest: 4000, count: 0 },
  release: { initial: 1000, longest: 0, count: 4 },
};

/** CNF_MAX_RD. */
export const confirmDuration = 10_000;

/** What the option SOL_MAX_RT may say, in seconds (RFC 9915 section 21.24); anything else is passed over. */
export function isSolMaxRt(seconds: number): boolean {
  return seconds >= 60 && seconds <= 86_400;
}

/**
 * The time until the next transmission (RFC 9915 section 15). `previous` is the one before, undefined after the first
 * transmission; `jitter` from 0 up to 1 is spread over RAND's -0.1 to 0.1. The first of a Solicit is never shorter than
 * IRT, so that every server gets a whole second to answer (section 18.2.1).
 */
export function nextTimeout(
  type: ExchangeType,
  { initial, longest }: Retransmission,
  previous: number | undefined,
  jitter: number,
): number {
  const random = jitter * 0.2 - 0.1;
  if (previous === undefined) return initial * (1 + (type === 'solicit' ? (1 - jitter) * 0.1 : random));
  const doubled = previous * (2 + random);
  return longest > 0 && doubled > longest ? longest * (1 + random) : doubled;
}
