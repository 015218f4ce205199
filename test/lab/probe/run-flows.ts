import { setTimeout as sleep } from 'node:timers/promises';
import { startIcmpLong } from './icmp-flow.ts';
import type { FlowRecord } from './flow-record.ts';
import type { FlowKind, FlowsJob } from './job.ts';
import { startTcpLong, startTcpNew } from './tcp-flows.ts';
import { startUdpLong, startUdpNew } from './udp-flows.ts';

export interface Flow {
  readonly record: FlowRecord;
  /** Ends sending; answers still count. */
  stop(): void;
  close(): void | Promise<void>;
}

const starters: Readonly<Record<FlowKind, (job: FlowsJob) => Flow>> = {
  'udp-long': startUdpLong,
  'udp-new': startUdpNew,
  'tcp-long': startTcpLong,
  'tcp-new': startTcpNew,
  'icmp-long': startIcmpLong,
};

/** How long the last probes may still be answered. */
const grace = 300;

export function runFlows(job: FlowsJob): void {
  const flows = job.flows.map((kind) => starters[kind](job));
  process.stdout.write('ready\n');
  process.once('SIGTERM', () => void finish(flows));
}

async function finish(flows: readonly Flow[]): Promise<void> {
  for (const flow of flows) flow.stop();
  await sleep(grace);
  for (const flow of flows) await flow.close();
  const report = JSON.stringify(flows.map((flow) => flow.record.report()));
  process.stdout.write(`${report}\n`, () => process.exit(0));
}
