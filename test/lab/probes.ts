import type { Lab } from './lab.ts';
import { LabError } from './lab-error.ts';
import type { LabProcess } from './lab-process.ts';
import { echoPort, serverAddress, type LabNode } from './nodes.ts';
import {
  flowKinds,
  type AskReport,
  type FlowKind,
  type FlowReport,
  type ProbeJob,
  type StreamReport,
} from './probe/job.ts';
import { probeProgram } from './probe-bundle.ts';
import { waitUntil } from './wait-until.ts';

/** Starts the echo server (UDP and TCP) that the other probes talk to. */
export async function startEcho(lab: Lab, node: LabNode): Promise<LabProcess> {
  return (await startProbe(lab, node, { kind: 'echo', port: echoPort })).process;
}

export interface FlowsOptions {
  /** Default: the server on the Internet. An echo server must run there. */
  readonly target?: string;
  /** Default all. */
  readonly flows?: readonly FlowKind[];
  /** In milliseconds, default 10. */
  readonly interval?: number;
}

export interface RunningFlows {
  /** Ends the flows and returns one report for each kind asked for. Takes 0.3 s, for late answers. */
  stop(): Promise<Record<FlowKind, FlowReport>>;
}

/** Starts probing from a host. What the report says of a kind that was not asked for is nothing: 0 sent. */
export async function startFlows(lab: Lab, host: LabNode, options: FlowsOptions = {}): Promise<RunningFlows> {
  const { target = serverAddress, flows = flowKinds, interval = 10 } = options;
  const probe = await startProbe(lab, host, { kind: 'flows', target, port: echoPort, flows, interval });
  return {
    async stop() {
      const reports = (await probe.stop()) as FlowReport[];
      const none = (flow: FlowKind): FlowReport => {
        return { flow, sent: 0, answered: 0, lost: 0, outages: [], sources: [], connections: 0 };
      };
      const entries = flowKinds.map((flow) => [flow, reports.find((report) => report.flow === flow) ?? none(flow)]);
      return Object.fromEntries(entries) as Record<FlowKind, FlowReport>;
    },
  };
}

export interface StreamOptions {
  readonly target?: string;
  /** Packets a second, default 20000. */
  readonly rate?: number;
  /** 1 (default): one long flow. 50000: nearly every packet begins a flow. */
  readonly ports?: number;
}

export interface RunningStream {
  stop(): Promise<StreamReport>;
}

/**
 * Starts a stream of small UDP datagrams. With many ports the router tracks each of them: shorten its timeout first
 * (`shortenUdpTimeout`), or the connection table fills up. The server drops the stream unanswered.
 */
export async function startStream(lab: Lab, host: LabNode, options: StreamOptions = {}): Promise<RunningStream> {
  const { target = serverAddress, rate = 20_000, ports = 1 } = options;
  await lab.exec('server', ['nft', '-f', '-'], { input: sink });
  const probe = await startProbe(lab, host, { kind: 'stream', target, rate, ports });
  return { stop: async () => (await probe.stop()) as StreamReport };
}

const sink = `table ip6 sink {
  chain in { type filter hook prerouting priority -300; udp dport 10000-60000 drop; }
}
`;

/** Unanswered UDP flows end after so many seconds (the kernel's default is 30). */
export async function shortenUdpTimeout(lab: Lab, router: 'router' | 'router2', seconds: number): Promise<void> {
  const path = '/proc/sys/net/netfilter/nf_conntrack_udp_timeout';
  await lab.exec(router, ['sh', '-c', `echo ${seconds} > ${path}`]);
}

/** Asks an echo server once which source address it sees; the answer has an `error` where none came. */
export async function askSource(
  lab: Lab,
  host: LabNode,
  options: { readonly target?: string; readonly protocol?: 'udp' | 'tcp'; readonly timeout?: number } = {},
): Promise<AskReport> {
  const { target = serverAddress, protocol = 'udp', timeout = 1000 } = options;
  const job: ProbeJob = { kind: 'ask', target, port: echoPort, protocol, timeout };
  const text = await lab.exec(host, [process.execPath, probeProgram(lab.directory), JSON.stringify(job)]);
  const { source, error } = JSON.parse(text) as Partial<AskReport>;
  return { source, error };
}

export async function startProbe(
  lab: Lab,
  node: LabNode,
  job: ProbeJob,
): Promise<{ process: LabProcess; stop(): Promise<unknown> }> {
  const lines: string[] = [];
  const argv = [process.execPath, probeProgram(lab.directory), JSON.stringify(job)];
  const started = lab.spawn(node, argv, { label: `probe-${job.kind}`, onLine: (line) => lines.push(line) });
  const ended = () => new LabError(`the ${job.kind} probe on ${node} ended`, { argv, stderr: started.log() });
  await waitUntil(
    `the ${job.kind} probe on ${node}`,
    () => {
      if (!started.running()) throw ended();
      return lines.includes('ready');
    },
    { interval: 5 },
  );
  return {
    process: started,
    async stop() {
      if (!started.running()) throw ended();
      await started.stop();
      const report = lines.at(-1);
      if (report === undefined || report === 'ready') throw ended();
      return JSON.parse(report);
    },
  };
}
