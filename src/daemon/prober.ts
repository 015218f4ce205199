import { parseEcho, sendEcho, type EchoAnswer } from '../backend/ping/echo-request.ts';
import type { Ipv6Address } from '../core/ipv6.ts';
import type { HealthCheck } from '../engine/config.ts';
import { isInDoubt, type HealthEvent, type UplinkHealth } from '../engine/uplink-health.ts';
import type { Host } from '../host/host.ts';

/** Asks the hosts of one health check, round after round. */
export interface Prober {
  /** Begins the next round now. */
  soon(): void;
  stop(): void;
}

export interface ProberEyes {
  /** The way out at this moment; undefined while there is none, when nobody is asked. */
  from():
    | { readonly interface: string; readonly source: Ipv6Address | undefined; readonly mark: number | undefined }
    | undefined;
  known(): UplinkHealth | undefined;
  /** Whether rules, routes or marks, by which the questions go, were put right since then, a moment of the monotonic clock. */
  wasDisturbed(since: number): Promise<boolean>;
  tell(event: HealthEvent): void;
}

/** While something may just have gone wrong, in milliseconds: sooner known is better. */
const doubtPause = 1000;

export function startProber(host: Host, check: HealthCheck, eyes: ProberEyes): Prober {
  const { processes, clock } = host;
  const { targets, timeout } = check;
  let turn = 0;
  let stopped = false;
  let running = false;
  let again = false;
  let cancel = (): void => {};

  async function ask(target: Ipv6Address, way: NonNullable<ReturnType<ProberEyes['from']>>): Promise<EchoAnswer> {
    const { source } = way;
    if (source === undefined)
      return { is: 'unasked', why: `this router has no address to ask from by ${way.interface}` };
    const argv = sendEcho({ ...way, source, target, timeout });
    const output = await processes.run({ argv, timeout: timeout * 1000 + 2000 });
    return output.ok ? parseEcho(output.value) : { is: 'unasked', why: output.problem.message };
  }

  /** One host, in turns; where that is silent, all others at once. */
  async function askRound(way: NonNullable<ReturnType<ProberEyes['from']>>): Promise<HealthEvent> {
    const order = targets.map((_, index) => targets[(turn + index) % targets.length]!);
    turn++;
    const [first, ...others] = order;
    const answers = [{ target: first!, answer: await ask(first!, way) }];
    if (answers[0]!.answer.is !== 'answered') {
      answers.push(...(await Promise.all(others.map(async (target) => ({ target, answer: await ask(target, way) })))));
    }
    for (const { target, answer } of answers) {
      if (answer.is === 'answered') return { is: 'answered', target, milliseconds: answer.milliseconds };
    }
    const unasked = answers.map(({ answer }) => answer).find((answer) => answer.is === 'unasked');
    return answers.some(({ answer }) => answer.is === 'silent') || !unasked ? { is: 'silent' } : unasked;
  }

  async function round(): Promise<void> {
    const started = clock.monotonic();
    let disturbed = false;
    const way = eyes.from();
    if (way) {
      const event = await askRound(way);
      disturbed = event.is === 'silent' && (await eyes.wasDisturbed(started));
      // What was asked on a way that is gone by now, or was not whole, says nothing.
      if (!stopped && eyes.from() && !disturbed) eyes.tell(event);
    }
    if (stopped) return;
    const health = eyes.known();
    const inDoubt = disturbed || (health !== undefined && isInDoubt(health));
    const pause = inDoubt ? Math.min(doubtPause, check.interval * 1000) : check.interval * 1000;
    cancel = clock.after(Math.max(0, started + pause - clock.monotonic()), begin);
  }

  function begin(): void {
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    cancel();
    running = true;
    void round().finally(() => {
      running = false;
      if (again) {
        again = false;
        begin();
      }
    });
  }
  begin();

  return {
    soon: begin,
    stop() {
      stopped = true;
      cancel();
    },
  };
}
