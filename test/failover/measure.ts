import type { FlowKind, FlowReport } from '../lab/probe/job.ts';

/** One fail-over: when it happened, and after how many milliseconds keepalived had noticed. */
export interface Event {
  readonly at: number;
  readonly detected: number;
}

/**
 * How long each flow was out because of each event, from the event on: until the last outage that began between it and the next
 * one is over. An outage is over when packets get through again; one that never is counts as endless.
 */
export function outagesOf(report: FlowReport, events: readonly Event[]): number[] {
  return events.map(({ at }, index) => {
    const until = events[index + 1]?.at ?? Infinity;
    const ends = report.outages
      .filter(({ start }) => start >= at - 50 && start < until - 50)
      .map(({ start, ms, open }) => (open ? Infinity : start + ms - at));
    return Math.max(0, ...ends);
  });
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** One line of the table: of each event the flow that was out longest. */
export function summarize(reports: Readonly<Record<FlowKind, FlowReport>>, events: readonly Event[]) {
  const kinds = Object.values(reports).filter(({ sent }) => sent > 0);
  const byKind = new Map(kinds.map((report) => [report.flow, outagesOf(report, events)]));
  // TCP sends again after 0.3 and 0.9 s: where keepalived was late, its long flow would tell of nothing but that.
  const judged = (kind: FlowKind, index: number) => kind !== 'tcp-long' || events[index]!.detected < 200;
  const longest = events.map((_, index) =>
    Math.max(...[...byKind].map(([kind, outages]) => (judged(kind, index) ? outages[index]! : 0))),
  );
  const above = longest.map((ms, index) => ms - events[index]!.detected);
  const detected = events.map((event) => event.detected);
  return {
    byKind,
    above,
    cells: [
      median(detected),
      Math.max(...detected),
      median(longest),
      Math.max(...longest),
      median(above),
      Math.max(...above),
    ],
  };
}
