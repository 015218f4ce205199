import type { FlowKind, FlowReport, Outage, SeenSource } from './job.ts';

const lateAfter = 100;

interface Probe {
  readonly sent: number;
  answered: number | undefined;
}

/** Keeps what became of each probe of one flow and tells the story at the end. */
export class FlowRecord {
  connections = 0;
  readonly #flow: FlowKind;
  readonly #probes: Probe[] = [];
  readonly #sources = new Map<string, { first: number; answers: number }>();

  constructor(flow: FlowKind) {
    this.#flow = flow;
  }

  /** Returns the probe's number. */
  sent(at: number): number {
    return this.#probes.push({ sent: at, answered: undefined }) - 1;
  }

  answered(number: number, at: number, source?: string): void {
    const probe = this.#probes[number];
    if (!probe || probe.answered !== undefined) return;
    probe.answered = at;
    if (source === undefined) return;
    const seen = this.#sources.get(source);
    if (seen) seen.answers++;
    else this.#sources.set(source, { first: at, answers: 1 });
  }

  report(): FlowReport {
    const answered = this.#probes.filter((probe) => probe.answered !== undefined).length;
    return {
      flow: this.#flow,
      sent: this.#probes.length,
      answered,
      lost: this.#probes.length - answered,
      outages: findOutages(this.#probes, this.#flow.endsWith('-new')),
      sources: [...this.#sources].map(([address, seen]): SeenSource => ({ address, ...seen })),
      connections: this.connections,
    };
  }
}

/**
 * An outage begins when its first failed probe is sent. It ends when the next good one is sent or, where failed ones
 * were only late (TCP sends them again), when the first of their answers comes in, whichever is later. Where each is a flow of
 * its own (`independent`), a late one says nothing of the others.
 */
export function findOutages(probes: readonly Probe[], independent = false): Outage[] {
  const outages: Outage[] = [];
  for (let index = 0; index < probes.length; index++) {
    if (isGood(probes[index])) continue;
    const from = index;
    while (index < probes.length && !isGood(probes[index])) index++;
    const failed = probes.slice(from, index);
    const next = probes[index];
    const end = next ?? failed.at(-1);
    const start = failed[0]?.sent ?? 0;
    const answers = failed.flatMap(({ answered }) => (answered === undefined ? [] : [answered]));
    const until = Math.max(end?.sent ?? start, answers.length > 0 && !independent ? Math.min(...answers) : 0);
    outages.push({ start, ms: until - start, probes: failed.length, open: next === undefined });
  }
  return outages;
}

function isGood(probe: Probe | undefined): boolean {
  return probe?.answered !== undefined && probe.answered - probe.sent <= lateAfter;
}
