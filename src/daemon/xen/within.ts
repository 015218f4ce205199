import { fail, succeed, type Result } from '../../core/result.ts';
import type { Clock } from '../../host/host.ts';

/** In milliseconds; libxl kills a hotplug script after 40 s, and then nobody learns why. */
const limit = 30_000;

/** The value of `work`, or a problem where it takes too long for a hotplug script. */
export async function within<T>(clock: Clock, work: Promise<T>): Promise<Result<T>> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limit, () =>
      resolve(fail({ code: 'tool-timeout', message: `it was not done after ${limit / 1000} s` })),
    );
    work.then((value) => resolve(succeed(value)), reject).finally(cancel);
  });
}
