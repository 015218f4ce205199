import { reportClientState, type ClientState } from '../../engine/client-state.ts';
import type { SourcesOptions } from './source.ts';

export interface StateTeller {
  /** Reports what is news in the state, if anything is. */
  tell(state: ClientState): void;
}

/** For sources that read what a client holds: it is read often, and told where it differs from what is known. */
export function createStateTeller(options: SourcesOptions, uplink: string): StateTeller {
  let refused = '';
  return {
    tell(state) {
      const report = reportClientState(state, options.held(uplink), options.host.clock.now());
      const faults = state.refused.map(({ message }) => message).join('\n');
      if (report) options.onReport(uplink, report);
      else if (faults !== refused) options.onReport(uplink, { ...state, released: false });
      refused = faults;
    },
  };
}
