import { parseIpv4Addresses } from '../../backend/ip/parse-ipv4-addresses.ts';
import { infiniteLifetime } from '../../core/instant.ts';
import { formatIpv4, type Ipv4Address } from '../../core/ipv4.ts';
import { equalPrefixes, type Prefix } from '../../core/prefix.ts';
import type { Problem } from '../../core/problem.ts';
import { sixToFourMartianOf } from '../../core/sixtofour-martians.ts';
import { sixToFourPrefix } from '../../core/sixtofour.ts';
import type { LeaseReport } from '../../engine/delegation.ts';
import type { Host } from '../../host/host.ts';
import { keepFollowing } from '../keep-following.ts';
import { runTool } from '../run-tool.ts';
import type { Source } from './source.ts';

export interface SixToFourOptions {
  readonly host: Host;
  /** The uplink's interface: the tunnel. */
  readonly interface: string;
  /** The interface whose IPv4 address counts. */
  readonly of: string;
  /** The prefixes that are held for this uplink now. */
  held(): readonly Prefix[];
  onReport(report: LeaseReport): void;
  onProblem(problem: Problem | undefined): void;
}

/**
 * The prefix source `6to4` that follows an interface: the /48 of its first global IPv4 address (RFC 3056 section 2). The
 * monitor's lines only wake; what counts is read. While the interface has no address the last prefix stays: the line is
 * down, and most get the same address again.
 */
export function startSixToFourSource(options: SixToFourOptions): Source {
  const { host, of } = options;
  let reading: Promise<void> | undefined;
  let again = false;

  async function look(): Promise<void> {
    const output = await runTool(host.processes, { argv: ['ip', '-4', '-j', 'address', 'show', 'dev', of] });
    if (!output.ok) return options.onProblem(noAddress(of, output.problem.message));
    const read = parseIpv4Addresses(output.value.stdout);
    if (!read.known) return options.onProblem(noAddress(of, read.why));
    const address = read.value[0];
    if (address === undefined) return options.onProblem(noAddress(of, 'it has none'));
    tell(address);
  }

  function tell(address: Ipv4Address): void {
    const martian = sixToFourMartianOf(address);
    if (martian && martian.what !== 'for documentation') {
      return options.onProblem(noAddress(of, `${formatIpv4(address)} is ${martian.what} (${martian.rfc})`));
    }
    options.onProblem(undefined);
    const prefix = sixToFourPrefix(address);
    const gone = options.held().filter((other) => !equalPrefixes(other, prefix));
    options.onReport({
      interface: options.interface,
      reason: `${of} has ${formatIpv4(address)}`,
      prefixes: [
        { iaid: 0, prefix, preferredLifetime: infiniteLifetime, validLifetime: infiniteLifetime },
        ...gone.map((other) => ({ iaid: 0, prefix: other, preferredLifetime: 0, validLifetime: 0 })),
      ],
      released: false,
      refused: [],
    });
  }

  function wake(): void {
    if (reading) {
      again = true;
      return;
    }
    reading = look().finally(() => {
      reading = undefined;
      if (again) {
        again = false;
        wake();
      }
    });
  }

  // All interfaces, since one that does not exist yet cannot be named.
  const monitor = keepFollowing(
    host,
    ['ip', '-4', '-o', 'monitor', 'address'],
    (line) => {
      if (line.split(/\s+/).includes(of)) wake();
    },
    wake,
    wake,
  );
  wake();
  return {
    async stop() {
      await monitor.stop();
      await reading;
    },
  };
}

function noAddress(of: string, why: string): Problem {
  return {
    code: 'delegation-missing',
    message: `no 6to4 prefix can be made of the IPv4 address of ${of}: ${why}`,
    mend: `Give ${of} its public IPv4 address; behind NAT write "ipv4:" with the public one instead of "of:".`,
  };
}
