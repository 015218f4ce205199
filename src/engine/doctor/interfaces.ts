import { shellWord } from '../../core/shell-word.ts';
import type { Config } from '../config.ts';
import { ok, problem, unknown, warning, type Check, type Finding } from './finding.ts';
import type { InterfaceFact } from './host-facts.ts';
import { lanSubnets } from './lan-interfaces.ts';

export const interfaces: Check = {
  id: 'interface',
  group: 'interfaces',
  needsConfig: true,
  judge({ interfaces: read }, config) {
    return wanted(config).map(({ name, what, uplink }) => {
      const id = `interface:${name}`;
      if (!read.known) return unknown(id, `interface ${name}`, read.why);
      const present = read.value.find((each) => each.name === name);
      return judge(id, name, what, uplink, present);
    });
  },
};

interface Wanted {
  readonly name: string;
  readonly what: string;
  readonly uplink: boolean;
}

function wanted(config: Config): Wanted[] {
  return [
    ...config.uplinks.map((uplink) => ({ name: uplink.interface, what: `uplink ${uplink.name}`, uplink: true })),
    ...lanSubnets(config).map((subnet) => ({ name: subnet.interface, what: `subnet ${subnet.name}`, uplink: false })),
  ];
}

function judge(id: string, name: string, what: string, uplink: boolean, present: InterfaceFact | undefined): Finding {
  if (!present) {
    return problem(id, `${name} of ${what} is not there`, 'Correct its name in the configuration, or plug it in.');
  }
  if (!present.up) return problem(id, `${name} of ${what} is down`, `ip link set dev ${shellWord(name)} up`);
  if (!present.carrier) {
    const found = `${name} of ${what} has no carrier`;
    return (uplink ? problem : warning)(id, found, 'Look at its cable and at what is at the other end.');
  }
  return ok(id, `${name} of ${what} is up`);
}
