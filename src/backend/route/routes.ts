import { formatPrefix, parsePrefix } from '../../core/prefix.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Step } from '../../engine/step.ts';
import { reasonOf } from '../../core/printable.ts';

/** Marks our routes among all others; a number that iproute2's rt_protos gives to nobody. */
export const routeProtocol = 66;

/** The weakest there is below the kernel's own limit: any other route for the same prefix wins. */
const unreachableMetric = 0x7fff_fffe;
/** Before the unreachable routes of DHCPv6 clients (1024), after those of addresses on an interface (256). */
const detourMetric = 512;

/** Our routes, as `ip` arguments that print them as JSON. */
export const listRoutes = ['ip', '-6', '-j', 'route', 'show', 'proto', String(routeProtocol)] as const;

/** Lines for `ip -batch -` that add (or take away) the routes of these steps. */
export function compileRoutes(steps: readonly Step[], which: 'add-route' | 'remove-route'): string | undefined {
  const verb = which === 'add-route' ? 'replace' : 'del';
  const lines = steps.flatMap((step) =>
    step.do === which ? [`route ${verb} ${declareRoute(step.prefix)} proto ${routeProtocol}`] : [],
  );
  return lines.length > 0 ? `${lines.join('\n')}\n` : undefined;
}

function declareRoute(route: string): string {
  return route.includes(' dev ')
    ? `${route} metric ${detourMetric}`
    : `unreachable ${route} metric ${unreachableMetric}`;
}

/** Reads the output of `listRoutes`: `PREFIX` for unreachable ones and `PREFIX dev DETOUR`, sorted. */
export function parseRoutes(text: string): Read<readonly string[]> {
  try {
    const routes = text.trim() === '' ? [] : (JSON.parse(text) as { dst: string; type?: string; dev?: string }[]);
    // A route with our number that is of another kind was made by somebody else, who did not know whose number it is.
    const ours = routes.filter(
      ({ type, dev }) => type === 'unreachable' || (type === undefined && dev?.startsWith('six-')),
    );
    const prefixes = ours.map(({ dst, type, dev }) => {
      const prefix = parsePrefix(dst.includes('/') ? dst : `${dst}/128`);
      if (!prefix.ok) throw new Error(prefix.problem.message);
      return type === 'unreachable' ? formatPrefix(prefix.value) : `${formatPrefix(prefix.value)} dev ${dev!}`;
    });
    return { known: true, value: [...new Set(prefixes)].sort() };
  } catch (error) {
    return {
      known: false,
      why: `the output of ip was not understood: ${reasonOf(error)}`,
    };
  }
}
