import { fail, succeed, type Result } from '../../core/result.ts';
import type { Clock } from '../../host/host.ts';

/**
 * In milliseconds since this process was started: libxl kills a hotplug script after 40 s (LIBXL_HOTPLUG_TIMEOUT), and then
 * nobody learns why. What is left is for the script around us and for the last words.
 */
const limit = 25_000;

/** The value of `work`, or a problem where it takes too long for a hotplug script that has taken `spent` ms already. */
export async function within<T>(clock: Clock, spent: number, work: Promise<T>): Promise<Result<T>> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(Math.max(limit - spent, 1000), () =>
      resolve(fail({ code: 'tool-timeout', message: `it was not done ${limit / 1000} s after it began` })),
    );
    work.then((value) => resolve(succeed(value)), reject).finally(cancel);
  });
}
