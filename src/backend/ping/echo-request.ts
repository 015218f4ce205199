import { formatIpv6, type Ipv6Address } from '../../core/ipv6.ts';

export interface EchoRequest {
  readonly target: Ipv6Address;
  /** Out of this interface and no other. */
  readonly interface: string;
  readonly source: Ipv6Address;
  /** The packet mark that the rules of routing know; undefined where there are none. */
  readonly mark: number | undefined;
  /** In seconds. */
  readonly timeout: number;
}

/** One echo request; ping takes a device and an address at once (iputils). */
export function sendEcho(request: EchoRequest): [string, ...string[]] {
  const { target, interface: device, source, mark, timeout } = request;
  return [
    ...(['ping', '-6', '-n', '-c', '1', '-W', String(timeout), '-I', device, '-I', formatIpv6(source)] as const),
    ...(mark === undefined ? [] : ['-m', String(mark)]),
    formatIpv6(target),
  ];
}

export type EchoAnswer =
  | { readonly is: 'answered'; readonly milliseconds: number }
  | { readonly is: 'silent' }
  /** It was not sent. */
  | { readonly is: 'unasked'; readonly why: string };

/** Reads what ping of iputils said: 0 is an answer, 1 none, all else that it could not do its work. */
export function parseEcho({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }): EchoAnswer {
  const time = / time[=<]([\d.]+) ms/.exec(stdout)?.[1];
  if (code === 0 && time !== undefined) return { is: 'answered', milliseconds: Number(time) };
  if (code === 1 && /packets transmitted/.test(stdout)) return { is: 'silent' };
  const said = stderr.trim().split('\n')[0] || `ping ended with exit code ${code}`;
  return { is: 'unasked', why: said };
}
