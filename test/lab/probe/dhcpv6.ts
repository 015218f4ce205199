import { parseIpv6 } from '../../../src/core/ipv6.ts';
import type { DelegateJob } from './job.ts';

/** Numbers of RFC 8415 sections 7.3 and 21. */
const message = { solicit: 1, advertise: 2, request: 3, renew: 5, rebind: 6, reply: 7, release: 8 } as const;
const option = { clientId: 1, serverId: 2, status: 13, rapidCommit: 14, iaPd: 25, iaPrefix: 26 } as const;

/** DUID-LL of the edge, the same that Kea uses. */
const serverId = Buffer.from('000300010200000000fe', 'hex');

/** The answer to a client's message, undefined for what wants none. */
export function compileAnswer(request: Buffer, job: DelegateJob): Buffer | undefined {
  const type = request[0] ?? 0;
  if (!(Object.values(message) as number[]).includes(type) || type === message.advertise || type === message.reply) {
    return undefined;
  }
  const asked = parseOptions(request.subarray(4));
  const clientId = asked.find(({ code }) => code === option.clientId);
  if (!clientId) return undefined;
  const rapid = asked.some(({ code }) => code === option.rapidCommit);
  const advertise = type === message.solicit && !rapid;
  const body = [
    compileOption(option.clientId, clientId.data),
    compileOption(option.serverId, serverId),
    ...(type === message.solicit && rapid ? [compileOption(option.rapidCommit, Buffer.alloc(0))] : []),
    ...(type === message.release ? [compileStatus(0)] : compileIdentityAssociations(asked, job)),
  ];
  return Buffer.concat([Buffer.from([advertise ? message.advertise : message.reply]), request.subarray(1, 4), ...body]);
}

function compileIdentityAssociations(asked: readonly Option[], job: DelegateJob): Buffer[] {
  return asked
    .filter(({ code }) => code === option.iaPd)
    .map(({ data }) => {
      const head = Buffer.concat([data.subarray(0, 4), Buffer.alloc(8)]);
      head.writeUInt32BE(job.t1, 4);
      head.writeUInt32BE(job.t2, 8);
      const status = job.status === undefined ? [] : [compileStatus(job.status)];
      return compileOption(option.iaPd, Buffer.concat([head, ...job.prefixes.map(compilePrefix), ...status]));
    });
}

function compilePrefix({ prefix, preferred, valid }: DelegateJob['prefixes'][number]): Buffer {
  const [address = '', length] = prefix.split('/');
  const parsed = parseIpv6(address);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  const data = Buffer.alloc(25);
  data.writeUInt32BE(preferred, 0);
  data.writeUInt32BE(valid, 4);
  data.writeUInt8(Number(length), 8);
  data.write(parsed.value.toString(16).padStart(32, '0'), 9, 'hex');
  return compileOption(option.iaPrefix, data);
}

function compileStatus(code: number): Buffer {
  return compileOption(option.status, Buffer.from([code >> 8, code & 0xff]));
}

function compileOption(code: number, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(code, 0);
  head.writeUInt16BE(data.length, 2);
  return Buffer.concat([head, data]);
}

interface Option {
  readonly code: number;
  readonly data: Buffer;
}

function parseOptions(bytes: Buffer): Option[] {
  const options: Option[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUInt16BE(at + 2);
    options.push({ code: bytes.readUInt16BE(at), data: bytes.subarray(at + 4, at + 4 + length) });
    at += 4 + length;
  }
  return options;
}
