import { setTimeout as sleep } from 'node:timers/promises';
import { Lab } from '../lab/lab.ts';
import type { FlowKind, FlowReport } from '../lab/probe/job.ts';
import { startEcho, startFlows } from '../lab/probes.ts';
import type { Router } from '../lab/router.ts';
import type { Event } from './measure.ts';

const now = (): number => performance.timeOrigin + performance.now();

/**
 * The method to beat, in the same lab: two routers that take over each other's MAC addresses, a DHCPv6 client that cannot store
 * anything and so is known by its MAC address, and a hook that fills NETMAP chains. How a dead router is noticed is left to
 * others there, so that is done here in no time at all: what is measured is only what comes after it. Interfaces check their
 * addresses for duplicates and the client waits before it speaks, as both do unless told otherwise.
 */
export async function measureHowTo(
  times: number,
): Promise<{ events: Event[]; reports: Record<FlowKind, FlowReport>[]; prefixes: string[]; leaked: number }> {
  const lab = await Lab.start({ name: 'howto', secondRouter: true, dad: true });
  try {
    await startEcho(lab, 'server');
    const [one, two] = [lab.router, lab.router2!];
    await one.startBaseline({ nodelay: false });
    const prefixes = [await one.waitForPrefix()];
    await one.waitForBaseline(prefixes[0]!);
    await lab.provider.resetCounters();
    const events: Event[] = [];
    const reports: Record<FlowKind, FlowReport>[] = [];
    for (let done = 0; done < times; done++) {
      const [from, to] = done % 2 === 0 ? [one, two] : [two, one];
      const flows = await startFlows(lab, 'lan1');
      await sleep(1000);
      events.push({ at: now(), detected: 0 });
      await powerOff(from);
      await to.setActive(true);
      await to.startBaseline({ nodelay: false });
      const prefix = await to.waitForPrefix();
      prefixes.push(prefix);
      await to.waitForBaseline(prefix);
      await sleep(2500);
      reports.push(await flows.stop());
    }
    return { events, reports, prefixes, leaked: (await lab.provider.counters()).inside };
  } finally {
    await lab.stop();
  }
}

/** Dead at once, and without memory when it is called for again. */
async function powerOff(router: Router): Promise<void> {
  process.kill(-router.dhcpcd.pid, 'SIGKILL');
  await router.setActive(false);
  const forget = 'nft flush ruleset; conntrack -F; ip -6 route flush proto dhcp; rm -rf /run/dhcpcd';
  await router.shell.attempt(['sh', '-c', forget]);
}
