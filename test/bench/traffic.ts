import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatIpv6, ipv6FromBigInt } from '../../src/core/ipv6.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { runChecked } from '../lab/run-command.ts';
import { discardPort, outsideHost, routerMac, type Course } from './course.ts';
import { outsideAddress, pairsOf, type Method } from './methods.ts';

/** The traffic program, built for this machine. */
export interface Traffic {
  /** Packets for each second of one core's time: what else the machine does beside is not in it. */
  packets(course: Course, way: 'out' | 'in', file: string, seconds: number): Promise<number>;
  /** The same of new flows, of so many in all. */
  flows(course: Course, file: string, ports: number, count: number): Promise<number>;
  /** Each packet of the file once. */
  once(course: Course, way: 'out' | 'in', file: string): Promise<void>;
  /** Bytes a second. */
  tcp(course: Course, flows: number, seconds: number): Promise<number>;
  /** In microseconds. */
  latency(course: Course, count: number): Promise<{ p50: number; p90: number; p99: number }>;
}

export function buildTraffic(directory: string): Traffic {
  return openTraffic(buildTrafficProgram(directory));
}

/** Path of the program; `isStatic`: one that needs no library where it runs. */
export function buildTrafficProgram(directory: string, isStatic = false): string {
  const program = join(directory, 'traffic');
  const options = ['-O2', ...(isStatic ? ['-static'] : []), '-o', program];
  execFileSync('clang', [...options, join(repositoryRoot, 'test/bench/traffic.c')], { stdio: 'inherit' });
  return program;
}

export function openTraffic(program: string): Traffic {
  const run = async <T>(...args: readonly string[]): Promise<T> =>
    JSON.parse(await runChecked([program, ...args], { timeout: 120_000 })) as T;
  const packets = async (course: Course, way: 'out' | 'in', file: string, ports: number, limit: string) => {
    const [from, to] = [course.port(way === 'out' ? 'in' : 'out'), course.port(way)];
    return run<{ sent: number; arrived: number; cpu: number }>(
      'packets',
      from,
      to,
      routerMac,
      file,
      String(ports),
      limit,
    );
  };
  return {
    async packets(course, way, file, seconds) {
      const { arrived, cpu } = await packets(course, way, file, 1, String(seconds));
      return perSecond(arrived, cpu);
    },
    async flows(course, file, ports, count) {
      const { arrived, sent, cpu } = await packets(course, 'out', file, ports, `=${count}`);
      if (arrived < sent * 0.99) throw new Error(`of ${sent} new flows on ${course.name} only ${arrived} came through`);
      return perSecond(arrived, cpu);
    },
    async once(course, way, file) {
      const count = Number(execFileSync('wc', ['-l', file], { encoding: 'utf8' }).split(' ')[0]);
      const { arrived } = await packets(course, way, file, 1, `=${count}`);
      if (arrived < count) throw new Error(`of ${count} packets ${way} on ${course.name} only ${arrived} came through`);
    },
    async tcp(course, flows, seconds) {
      const ports = [course.port('in'), course.port('out')];
      const { bytes, ns } = await run<{ bytes: number; ns: number }>(
        'tcp',
        ...ports,
        outsideHost,
        String(flows),
        String(seconds),
      );
      return perSecond(bytes, ns);
    },
    async latency(course, count) {
      const ports = [course.port('in'), course.port('out')];
      const { p50, p90, p99 } = await run<{ p50: number; p90: number; p99: number }>(
        'latency',
        ...ports,
        outsideHost,
        String(count),
      );
      return { p50: p50 / 1000, p90: p90 / 1000, p99: p99 / 1000 };
    },
  };
}

function perSecond(count: number, ns: number): number {
  return (count / ns) * 1e9;
}

export interface FlowFiles {
  readonly out: string;
  readonly in: string;
}

/** So many UDP flows, shared out evenly among the mappings, as the traffic program reads them. */
export function writeFlows(course: Course, method: Method, mappings: number, flows: number): FlowFiles {
  const pairs = pairsOf(mappings);
  const lines = Array.from({ length: flows }, (_, at) => {
    const pair = pairs[at % mappings]!;
    const inside = ipv6FromBigInt(pair.inside.address + 0x10n + BigInt(Math.floor(at / mappings)));
    return { inside: formatIpv6(inside), outside: formatIpv6(outsideAddress(method, pair, inside)) };
  });
  const files = { out: join(course.directory, 'out.flows'), in: join(course.directory, 'in.flows') };
  writeFileSync(files.out, lines.map(({ inside }) => `${inside} ${outsideHost} 5000 ${discardPort}\n`).join(''));
  writeFileSync(files.in, lines.map(({ outside }) => `${outsideHost} ${outside} ${discardPort} 5000\n`).join(''));
  return files;
}
