/** A built-in chain of ip6tables and the chain of ours that its owner has to call from it. */
export interface Call {
  readonly table: 'mangle' | 'nat' | 'filter';
  readonly from: string;
  readonly chain: string;
}

/** All of them, the guard's first. */
export const wantedCalls: readonly Call[] = [
  { table: 'mangle', from: 'PREROUTING', chain: 'SIXGATE-PRE' },
  { table: 'mangle', from: 'INPUT', chain: 'SIXGATE-IN' },
  { table: 'mangle', from: 'FORWARD', chain: 'SIXGATE-FWD' },
  { table: 'mangle', from: 'POSTROUTING', chain: 'SIXGATE-POST' },
  { table: 'nat', from: 'PREROUTING', chain: 'SIXGATE-PRE' },
  { table: 'nat', from: 'POSTROUTING', chain: 'SIXGATE-POST' },
  { table: 'filter', from: 'FORWARD', chain: 'SIXGATE-FWD' },
];
