/** What the probe program is told to do: one JSON argument. Every time is in milliseconds since 1970. */
export type ProbeJob = EchoJob | FlowsJob | StreamJob | AskJob | DelegateJob;

/** Answers every UDP datagram and every line on TCP with its first word and the source address it saw. */
export interface EchoJob {
  readonly kind: 'echo';
  readonly port: number;
}

export const flowKinds = ['udp-long', 'udp-new', 'tcp-long', 'tcp-new', 'icmp-long'] as const;
/** `long`: one flow for the whole run; `new`: a flow of its own for each probe. */
export type FlowKind = (typeof flowKinds)[number];

export interface FlowsJob {
  readonly kind: 'flows';
  readonly target: string;
  readonly port: number;
  readonly flows: readonly FlowKind[];
  /** Between two probes of a flow; `tcp-new` sends every fifth time only. */
  readonly interval: number;
}

/** Sends without waiting for answers, until it is ended. */
export interface StreamJob {
  readonly kind: 'stream';
  readonly target: string;
  /** Packets a second. */
  readonly rate: number;
  /** How many destination ports, from 10000 on, take turns: 1 is one long flow, 50000 makes nearly every packet a new one. */
  readonly ports: number;
}

/** One question by UDP. */
export interface AskJob {
  readonly kind: 'ask';
  readonly target: string;
  readonly port: number;
  readonly protocol: 'udp' | 'tcp';
  readonly timeout: number;
}

export interface FlowReport {
  readonly flow: FlowKind;
  readonly sent: number;
  readonly answered: number;
  readonly lost: number;
  /** Runs of probes that were lost or answered late (over 100 ms), in order of time. */
  readonly outages: readonly Outage[];
  /** In the order in which the other side first saw them; empty for ICMP, whose answers do not tell. */
  readonly sources: readonly SeenSource[];
  /** TCP: how often a connection was made (`tcp-long`: 1 where it lived through). */
  readonly connections: number;
}

export interface Outage {
  readonly start: number;
  readonly ms: number;
  readonly probes: number;
  /** It had not ended when the run did. */
  readonly open: boolean;
}

export interface SeenSource {
  readonly address: string;
  /** When the first answer that names it came in. */
  readonly first: number;
  readonly answers: number;
}

export interface StreamReport {
  readonly sent: number;
  readonly ms: number;
  /** Processor time that it took, in milliseconds. */
  readonly cpu: number;
}

/** `source` is undefined where no answer came. */
export interface AskReport {
  readonly source: string | undefined;
  readonly error: string | undefined;
}

/** A DHCPv6 server that answers every request for prefixes with the same words, wise or not. */
export interface DelegateJob {
  readonly kind: 'delegate';
  /** Interface name. */
  readonly link: string;
  /** In this order in every IA_PD that is asked for; lifetimes in seconds. Host bits are sent as they stand. */
  readonly prefixes: readonly { readonly prefix: string; readonly preferred: number; readonly valid: number }[];
  readonly t1: number;
  readonly t2: number;
  /** Status code within the IA_PD: 6 is NoPrefixAvail, 3 NoBinding (RFC 8415 section 21.13). */
  readonly status?: number | undefined;
}
