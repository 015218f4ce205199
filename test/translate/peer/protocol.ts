export type Protocol = 'tcp' | 'udp';

/** What a peer is asked to do: one JSON object a line on its Unix socket, answered by a line with the same `id`. */
export type Request =
  | { readonly do: 'listen'; readonly protocol: Protocol; readonly port: number; readonly address?: string }
  | ({ readonly do: 'open'; readonly flow: string } & Target)
  | { readonly do: 'say'; readonly flow: string; readonly timeout: number; readonly size?: number }
  | { readonly do: 'close'; readonly flow: string }
  | {
      readonly do: 'transfer';
      readonly target: string;
      readonly port: number;
      readonly up: number;
      readonly down: number;
    };

export interface Target {
  readonly protocol: Protocol;
  readonly target: string;
  readonly port: number;
  /** Source address and port, where they matter. */
  readonly from?: string;
  readonly fromPort?: number;
}

/** The source address and port that the listener saw, or the error: a code such as ECONNREFUSED, or `silent`. */
export interface Answer {
  readonly source?: string;
  readonly port?: number;
  readonly error?: string;
  /** How long it took. */
  readonly ms: number;
}
