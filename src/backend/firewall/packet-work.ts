import type { PacketWork } from '../../engine/firewall/firewall.ts';

/** What statements of nft do with each packet. */
const statements: Readonly<Record<string, PacketWork>> = {
  limit: 'limit',
  quota: 'quota',
  counter: 'counter',
  log: 'log',
  queue: 'queue',
  dup: 'copy',
  fwd: 'copy',
  set: 'set',
  meter: 'set',
};

const metaKeys: Readonly<Record<string, PacketWork>> = {
  length: 'length',
  time: 'time of day',
  day: 'time of day',
  hour: 'time of day',
};
const setMetaKeys: Readonly<Record<string, PacketWork>> = { mark: 'mark', priority: 'priority', nftrace: 'trace' };
const headerFields: Readonly<Record<string, PacketWork>> = {
  dscp: 'DSCP',
  hoplimit: 'hop limit',
  ttl: 'hop limit',
  length: 'length',
};

type Words = Readonly<Record<string, unknown>>;

/** Of a statement of nft's JSON; undefined for one that does the same for every packet of a flow. */
export function statementWork(kind: string, body: Words | null): PacketWork | undefined {
  if (kind === 'xt') return extensionWork[String(body?.['name'])];
  if (kind !== 'mangle') return statements[kind];
  const { meta, payload } = (body?.['key'] ?? {}) as Readonly<Record<string, Words | undefined>>;
  if (meta) return setMetaKeys[String(meta['key'])];
  return payload && (headerFields[String(payload['field'])] ?? 'header');
}

/** Of what a rule of nft compares; undefined for what is the same in every packet of a flow, or is not known here. */
export function subjectWork(subject: Words): PacketWork | undefined {
  const { meta, payload, ct, numgen } = subject as Readonly<Record<string, Words | undefined>>;
  if (numgen) return 'chance';
  if (meta) return metaKeys[String(meta['key'])];
  if (ct) return ['bytes', 'packets', 'avgpkt'].includes(String(ct['key'])) ? 'bytes of the flow' : undefined;
  if (!payload) return undefined;
  return 'base' in payload ? 'content' : headerFields[String(payload['field'])];
}

/** What a rule has of it; an empty object where there is nothing. */
export function workOf(
  found: ReadonlySet<PacketWork | undefined>,
  counts: (work: PacketWork) => boolean = () => true,
): { readonly work?: readonly PacketWork[] } {
  const work = [...found].filter((each) => each !== undefined).filter(counts);
  return work.length === 0 ? {} : { work };
}

/** Of the modules and targets of iptables by name, as they are in its options and in what nft shows of them. */
export const extensionWork: Readonly<Record<string, PacketWork | undefined>> = {
  limit: 'limit',
  hashlimit: 'limit',
  quota: 'quota',
  recent: 'set',
  length: 'length',
  string: 'content',
  u32: 'content',
  bpf: 'content',
  time: 'time of day',
  statistic: 'chance',
  connbytes: 'bytes of the flow',
  dscp: 'DSCP',
  tos: 'DSCP',
  hl: 'hop limit',
  LOG: 'log',
  NFLOG: 'log',
  TRACE: 'trace',
  MARK: 'mark',
  CLASSIFY: 'priority',
  DSCP: 'DSCP',
  TOS: 'DSCP',
  HL: 'hop limit',
  NFQUEUE: 'queue',
  TEE: 'copy',
  SET: 'set',
};
