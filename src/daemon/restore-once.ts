import type { Host } from '../host/host.ts';
import { reconcile, type Pass, type PassOptions, type Situation } from './reconcile.ts';

/** A daemon that saw the same change can be in the middle of it: then somebody's step fails, and it is looked again. */
const attempts = 5;
const pause = 50;

/**
 * One pass for the end of a firewall script that has flushed what others had. Calls of our chains in ip6tables are made as well, where
 * they are missing: whoever starts this wants that.
 */
export async function restoreOnce(host: Host, situation: Situation, options: PassOptions): Promise<Pass> {
  for (let attempt = 1; ; attempt++) {
    const pass = await reconcile(host, situation, { ...options, calling: true });
    if (pass.failure?.code !== 'apply-failed' || attempt === attempts) return pass;
    await new Promise<void>((resolve) => void host.clock.after(pause, resolve));
  }
}
