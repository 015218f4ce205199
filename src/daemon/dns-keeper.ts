import { compileUpdateUrl, judgeUpdateAnswer } from '../backend/dns/http-update.ts';
import { compileNsupdate, nsupdateCommand } from '../backend/dns/nsupdate.ts';
import type { Problem } from '../core/problem.ts';
import type { Config, HttpService } from '../engine/config.ts';
import { deriveDnsRecords, type DnsRecord } from '../engine/dns-records.ts';
import type { Mapping } from '../engine/mapping.ts';
import type { Host } from '../host/host.ts';
import { httpGet } from '../host/http-get.ts';
import type { Log } from './log.ts';

export interface DnsKeeper {
  /** What is in force now. Returns at once. */
  follow(config: Config, mappings: readonly Mapping[]): void;
  problems(): readonly Problem[];
  stop(): void;
}

type Value = NonNullable<DnsRecord['value']>;

interface Entry {
  record: DnsRecord;
  /** What the server has taken since we started. */
  done?: string;
  running: boolean;
  failures: number;
  cancel(): void;
  problem?: Problem | undefined;
}

const firstPause = 5000;
const longestPause = 600_000;
const httpTimeout = 20_000;

/**
 * Keeps the AAAA records of inside hosts at their outside addresses. A record is written once at the start and whenever
 * its address changes; one that could not be written is tried again after a pause that doubles from 5 s up to 10 min.
 * Where a host has no outside address its record stays: the prefix mostly comes back, and a name that is gone is cached.
 */
export function createDnsKeeper(host: Host, log: Log, onChange: () => void): DnsKeeper {
  const entries = new Map<string, Entry>();
  let stopped = false;

  function push(entry: Entry): void {
    const { value } = entry.record;
    if (stopped || entry.running || !value || entry.done === value.address) return;
    entry.cancel();
    entry.running = true;
    void update(entry.record, value).then((why) => {
      entry.running = false;
      finish(entry, value, why);
      if (entry.record.value?.address !== value.address) push(entry);
    });
  }

  function finish(entry: Entry, { address }: Value, why: string | undefined): void {
    const { name } = entry.record;
    if (why === undefined) {
      log.info(`${name} is at ${address} in the DNS`);
      entry.done = address;
      entry.failures = 0;
      entry.problem = undefined;
    } else {
      entry.problem = dnsFailed(entry.record, address, why);
      const pause = Math.min(firstPause * 2 ** entry.failures++, longestPause);
      if (!stopped) entry.cancel = host.clock.after(pause, () => push(entry));
    }
    onChange();
  }

  /** Why it failed. */
  async function update({ updater, name }: DnsRecord, value: Value): Promise<string | undefined> {
    const { service } = updater;
    if (service.via === 'http') return updateOverHttp(service, name, value);
    const input = compileNsupdate(service, name, value.address);
    const output = await host.processes.run({ argv: nsupdateCommand(service), input, timeout: 20_000 });
    if (!output.ok) return output.problem.message;
    const { code, stdout, stderr } = output.value;
    return code === 0 ? undefined : (`${stderr}\n${stdout}`.trim().split('\n')[0] ?? `exit code ${code}`);
  }

  async function updateOverHttp(service: HttpService, name: string, value: Value): Promise<string | undefined> {
    const { url, user, passwordFile } = service;
    const password = passwordFile === undefined ? undefined : await host.files.read(passwordFile);
    if (password && !password.ok) return password.problem.message;
    if (password && password.value === undefined) return `${passwordFile} is not there`;
    const answer = await httpGet({
      url: compileUpdateUrl(url, { name, ...value }),
      ...(user !== undefined && { user }),
      ...(password?.value !== undefined && { password: password.value.replace(/\r?\n$/, '') }),
      timeout: httpTimeout,
    });
    return answer.ok ? judgeUpdateAnswer(answer.value.status, answer.value.body) : answer.problem.message;
  }

  return {
    follow(config, mappings) {
      const records = new Map(
        deriveDnsRecords(config, mappings).map((record) => [
          `${record.name} ${JSON.stringify(record.updater.service)}`,
          record,
        ]),
      );
      for (const [key, entry] of entries) {
        if (records.has(key)) continue;
        entry.cancel();
        entries.delete(key);
      }
      for (const [key, record] of records) {
        const entry = entries.get(key) ?? { record, running: false, failures: 0, cancel: () => {} };
        const before = entry.record.value?.address;
        entry.record = record;
        entries.set(key, entry);
        const isNew = record.value?.address !== before;
        if (isNew) entry.failures = 0;
        if (isNew || (entry.done === undefined && entry.failures === 0)) push(entry);
      }
    },
    problems: () => [...entries.values()].flatMap(({ problem }) => (problem ? [problem] : [])),
    stop() {
      stopped = true;
      for (const entry of entries.values()) entry.cancel();
    },
  };
}

function dnsFailed({ updater, name }: DnsRecord, address: string, why: string): Problem {
  return {
    code: 'dns-failed',
    message: `${name} could not be put at ${address} in the DNS (${updater.name}): ${why}`,
    mend: `Look at dns.${updater.name} in the configuration and at the log of that server; it is tried again.`,
  };
}
