import { listAddresses, parseAddressPrefixes } from '../../backend/ip/parse-address-prefixes.ts';
import type { Problem } from '../../core/problem.ts';
import type { Uplink } from '../../engine/config.ts';
import { keepFollowing } from '../keep-following.ts';
import { runTool } from '../run-tool.ts';
import { startLooking } from './looking.ts';
import type { Source, SourcesOptions } from './source.ts';
import { createStateTeller } from './state-teller.ts';

/** An address that is taken away to be set anew comes back in this time; a client that is restarted too. In seconds. */
const missingFor = 300;
const settle = 200;

/** The prefix source `address`: the prefix of the address that an interface has. */
export function startAddressSource(options: SourcesOptions, uplink: Uplink): Source {
  const { host } = options;
  const { source } = uplink;
  if (source.from !== 'address') throw new Error(`${uplink.name} is not from an address`);
  const { of, length } = source;
  const teller = createStateTeller(options, uplink.name);
  const say = (problem?: Problem): void => options.onProblem(`address ${uplink.name}`, problem);

  async function look(): Promise<void> {
    const output = await runTool(host.processes, { argv: listAddresses(of) });
    if (!output.ok) return say(noPrefix(of, output.problem.message));
    const read = parseAddressPrefixes(output.value.stdout, uplink.interface, length);
    if (!read.known) return say(noPrefix(of, read.why));
    say(read.value.length === 0 ? noPrefix(of, 'it has no global address') : undefined);
    const empty = { validFor: missingFor };
    teller.tell({
      interface: uplink.interface,
      reason: `addresses of ${of}`,
      prefixes: read.value,
      refused: [],
      empty,
    });
  }

  const looking = startLooking(host.clock, look, { settle });
  // All interfaces, since one that does not exist yet cannot be named.
  const monitor = keepFollowing(
    host,
    ['ip', '-6', '-o', 'monitor', 'address'],
    (line) => {
      if (line.split(/[\s@]+/).includes(of)) looking.wake();
    },
    () => looking.wake(),
    () => looking.wake(),
  );
  looking.wake();
  return {
    async stop() {
      await Promise.all([monitor.stop(), looking.stop()]);
    },
  };
}

function noPrefix(of: string, why: string): Problem {
  return {
    code: 'delegation-missing',
    message: `no prefix can be read off the addresses of ${of}: ${why}`,
    mend: `Look at what gives ${of} its address.`,
  };
}
