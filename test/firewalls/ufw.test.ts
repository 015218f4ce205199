import { describe } from 'vitest';
import { livesBeside, type Firewall } from './lives-beside.ts';

/** As Debian has it, with the policies that it comes with. */
const ufw: Firewall = {
  lab: 'ufw',
  async start(stage) {
    await stage.run('ufw', '--force', 'enable');
  },
  async reload(stage) {
    await stage.run('ufw', 'reload');
  },
  async stop(stage) {
    await stage.run('ufw', 'disable');
  },
  obstacles: ['firewall-forward:lan', 'firewall-forward:servers', 'firewall-pinholes:dsl'],
};

describe('ufw of bookworm', () => {
  livesBeside(ufw, 'bookworm');
});
describe('ufw of trixie', () => {
  livesBeside(ufw, 'trixie', ['later']);
});
