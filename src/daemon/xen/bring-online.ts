import { join } from 'node:path';
import { findXenPolicy } from '../../config/find-xen-policy.ts';
import type { Problem } from '../../core/problem.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import { deriveVifState, filterOnly } from '../../engine/xen/derive-vif-state.ts';
import { planOnline } from '../../engine/xen/plan-vif.ts';
import { describeVif, type Vif } from '../../engine/xen/vif.ts';
import type { VifProxy, VifState } from '../../engine/xen/vif-state.ts';
import type { XenConfig, XenPolicy } from '../../engine/xen/xen-config.ts';
import type { Host } from '../../host/host.ts';
import { readConfig, type InvalidConfig } from '../read-config.ts';
import { applyVifSteps, type VifFailure } from './apply-vif-steps.ts';
import { keepRadvd } from './radvd.ts';
import { readVif } from './read-vif.ts';
import { lastTimeout } from './tool-timeout.ts';
import { takeOffline } from './take-offline.ts';
import { removeKey } from './write-key.ts';
import { readRecord, writeRecord } from './vif-records.ts';
import type { VifCall } from './vif-call.ts';

/** How it went; with a problem the policy decides about the guest. */
export interface Outcome {
  readonly policy: XenPolicy;
  /** What the interface has now; undefined where it is none of our business. */
  readonly state?: VifState;
  readonly problem?: Problem;
}

/**
 * Gives a guest's interface what the configuration says, before the guest runs. Whatever goes wrong, it gets the filter; and
 * where not even that can be had, IPv6 is switched off on it, so that under either policy nobody can forge a source.
 */
export async function bringOnline(host: Host, call: VifCall): Promise<Outcome> {
  const { paths, device } = call;
  const [config, identity] = await Promise.all([
    readXenConfig(host, paths.config, paths.runtimeDir),
    readVif(host.processes, call.at, call),
  ]);
  const { policy } = config;
  const { domid, devid } = call.at;
  const vif: Vif = identity.ok ? identity.value : { domid, devid, kind: call.kind, device };
  const wanted = await deriveWanted(host, config.read, identity, vif);
  const record = await readRecord(host.files, paths.runtimeDir, vif);
  const before = record.ok ? record.value : undefined;
  if (wanted.ok && !wanted.value) {
    if (before) await withdrawFrom(host, paths.runtimeDir, vif);
    return { policy };
  }
  // Where nobody knows what it should have, it keeps what it has.
  const { problem: _healed, ...held } = before ?? filterOnly(vif);
  const state = wanted.ok ? wanted.value! : held;
  const failed = await give(host, paths.runtimeDir, state);
  if (failed && state.entry === undefined && wanted.ok && !(await hasIpv6(host))) return { policy };
  if (failed?.at === 'filter') await switchOff(host, device);
  const problem = wanted.ok ? failed?.problem : wanted.problem;
  if (!problem) {
    // The reason that an earlier attempt left there holds no longer.
    if (before?.problem !== undefined) await removeKey(host.processes, `${call.at.path}/hotplug-error`);
    return { policy, state };
  }
  const told = { ...problem, message: `${describeVif(vif)} has no IPv6: ${problem.message}` };
  await writeRecord(host.files, paths.runtimeDir, { ...state, problem: problem.message });
  return { policy, state, problem: told };
}

async function deriveWanted(
  { files }: Host,
  config: Result<XenConfig | undefined>,
  identity: Result<Vif>,
  vif: Vif,
): Promise<Result<VifState | undefined>> {
  if (!config.ok) return config;
  if (!config.value) return succeed(undefined);
  if (!identity.ok) return identity;
  const derived = deriveVifState(config.value, vif);
  if (!derived.ok || !derived.value) return derived;
  const port = await files.read(`/sys/class/net/${vif.device}/brport/port_id`);
  if (!port.ok || port.value === undefined) return derived;
  // Nothing of a bridged guest passes the routing of Dom0.
  if (derived.value.entry === undefined) return succeed(undefined);
  return fail({
    code: 'xen-bridged',
    message: `${vif.device} is a port of a bridge, and only routed guests are served`,
    mend: 'Write script=vif-route for this interface in xl.cfg, or take the guest out of the configuration.',
  });
}

/**
 * The record is there before anything that has to be undone. Until the old proxies are gone it has those as well.
 */
async function give(host: Host, runtimeDir: string, wanted: VifState): Promise<VifFailure | undefined> {
  const read = await readRecord(host.files, runtimeDir, wanted.vif);
  const before = read.ok ? read.value : undefined;
  const old = (before?.proxies ?? []).filter(({ address }) => !wanted.proxies.some((kept) => kept.address === address));
  const recorded: VifState = { ...wanted, proxies: [...wanted.proxies, ...old] satisfies VifProxy[] };
  const written = await writeRecord(host.files, runtimeDir, recorded);
  const steps = planOnline(before, wanted);
  const failed = await applyVifSteps(host.processes, written.ok ? steps : steps.filter((step) => step.do === 'filter'));
  if (failed) return failed;
  if (!written.ok) return { at: 'giving', problem: written.problem };
  if (old.length > 0) await writeRecord(host.files, runtimeDir, wanted);
  if (wanted.advertised.length === 0 && (before?.advertised ?? []).length === 0) return undefined;
  const problem = await keepRadvd(host, runtimeDir);
  return problem && { at: 'giving', problem };
}

/** Takes everything from an interface that was served and is none of our business any longer. */
async function withdrawFrom(host: Host, runtimeDir: string, vif: Vif): Promise<void> {
  await give(host, runtimeDir, { ...filterOnly(vif), filtered: false });
  await takeOffline(host, runtimeDir, vif);
}

/** False where the kernel was started with ipv6.disable=1: then there is nothing to filter. */
async function hasIpv6({ files }: Host): Promise<boolean> {
  const setting = await files.read('/proc/sys/net/ipv6/conf/all/forwarding');
  return !setting.ok || setting.value !== undefined;
}

/** The last resort: what cannot be filtered is not let in. */
export async function switchOff({ processes }: Host, device: string): Promise<void> {
  await processes.run({ argv: ['sysctl', '-q', '-w', `net/ipv6/conf/${device}/disable_ipv6=1`], timeout: lastTimeout });
}

/**
 * The part of the configuration that is about Xen, and the policy, also where the rest is wrong: what can be read of it
 * says, else what it said when it was last right.
 */
export async function readXenConfig(
  { files }: Host,
  config: string,
  runtimeDir: string,
): Promise<{ readonly policy: XenPolicy; readonly read: Result<XenConfig | undefined, InvalidConfig> }> {
  const remembered = join(runtimeDir, 'xen', 'policy');
  const [read, last] = await Promise.all([readConfig(files, config), files.read(remembered)]);
  const before = last.ok && (last.value === 'fail' || last.value === 'warn') ? last.value : undefined;
  if (!read.ok) return { policy: findXenPolicy(read.problem.sources) ?? before ?? 'warn', read };
  const { xen } = read.value.config;
  if (xen && xen.policy !== before) {
    const made = await files.makeDirectory(join(runtimeDir, 'xen'));
    if (made.ok) await files.write(remembered, xen.policy);
  }
  return { policy: xen?.policy ?? 'warn', read: succeed(xen) };
}
