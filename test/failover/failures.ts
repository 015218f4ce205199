import type { Lab } from '../lab/lab.ts';
import type { Pair } from './pair.ts';
import type { Twin } from './twin.ts';

/** A way to fail: what happens to the active router, and how it comes back. */
export interface Failure {
  readonly name: string;
  fail(pair: Pair, twin: Twin): Promise<void>;
  mend(pair: Pair, twin: Twin): Promise<void>;
}

/** keepalived with its children, dhcpcd with its proxies, and sixgate, at once; then what systemd does when it sees that. */
export const killed: Failure = {
  name: 'kill -9 of keepalived, dhcpcd and sixgate',
  async fail(_pair, twin) {
    twin.killAll();
    await twin.stopped();
  },
  async mend(pair, twin) {
    await twin.boot();
    await pair.ready(twin);
  },
};

/** The WAN cable and, every other time, a LAN cable. */
export function linkLoss(): Failure {
  let count = 0;
  let cable: [node: 'provider' | 'switch', port: string] = ['provider', ''];
  const set = (lab: Lab, how: 'up' | 'down') => lab.exec(cable[0], ['ip', 'link', 'set', cable[1], how]);
  return {
    name: 'link loss (WAN, LAN in turn)',
    async fail({ lab }, twin) {
      const index = twin.name === 'router' ? 0 : 1;
      // Each router loses both, in turn: their turns come in pairs.
      cable = Math.floor(count++ / 2) % 2 === 0 ? ['provider', `wan${index}`] : ['switch', `r${index}1`];
      await set(lab, 'down');
    },
    async mend(pair, twin) {
      await set(pair.lab, 'up');
      await pair.ready(twin);
    },
  };
}

/** `systemctl stop keepalived`. */
export const stopped: Failure = {
  name: 'graceful stop',
  async fail(_pair, twin) {
    await twin.stopKeepalived();
  },
  async mend(pair, twin) {
    await twin.startKeepalived();
    await pair.ready(twin);
  },
};

/** The power goes; what was in memory is lost, what was on the disk is there again. */
export const rebooted: Failure = {
  name: 'reboot',
  async fail(_pair, twin) {
    await twin.powerOff();
  },
  async mend(pair, twin) {
    await twin.powerOn();
    await twin.boot();
    await pair.ready(twin);
  },
};
