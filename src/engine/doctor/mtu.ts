import { shellWord } from '../../core/shell-word.ts';
import { ok, problem, unknown, type Check } from './finding.ts';

/** RFC 8200 section 5. Linux takes IPv6 away from an interface with less. */
const smallest = 1280;

export const mtu: Check = {
  id: 'mtu',
  group: 'interfaces',
  needsConfig: true,
  judge({ interfaces }, config) {
    return config.uplinks.flatMap(({ interface: name }) => {
      const id = `mtu:${name}`;
      if (!interfaces.known) return [unknown(id, `the MTU of ${name}`, interfaces.why)];
      const present = interfaces.value.find((each) => each.name === name);
      if (!present) return [];
      if (present.mtu >= smallest) return [ok(id, `${name} takes packets of up to ${present.mtu} bytes`)];
      const found = `${name} takes packets of up to ${present.mtu} bytes, and IPv6 needs ${smallest}`;
      return [problem(id, found, `ip link set dev ${shellWord(name)} mtu ${smallest}`)];
    });
  },
};
