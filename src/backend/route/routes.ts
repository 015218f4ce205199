import type { Read } from '../../engine/kernel-state.ts';
import type { Step } from '../../engine/step.ts';
import { reasonOf } from '../../core/printable.ts';
import { describeRoute, isUnicast, isUnreachable, readDestination, type PrintedRoute } from './route-text.ts';

/** Marks our routes among all others; a number that iproute2's rt_protos gives to nobody. */
export const routeProtocol = 66;

/** The weakest there is below the kernel's own limit: any other route for the same prefix wins. */
const unreachableMetric = 0x7fff_fffe;
/** Before the unreachable routes of DHCPv6 clients (1024), after those of addresses on an interface (256). */
const detourMetric = 512;

/** Our routes in all tables, as `ip` arguments that print them as JSON. */
export const listRoutes = `ip -N -6 -j route show table all proto ${routeProtocol}`.split(' ') as [string, ...string[]];

/** Lines for `ip -batch -` that add (or take away) the routes of these steps. */
export function compileRoutes(steps: readonly Step[], which: 'add-route' | 'remove-route'): string[] {
  const verb = which === 'add-route' ? 'replace' : 'del';
  return steps.flatMap((step) =>
    step.do === which ? [`route ${verb} ${declareRoute(step.prefix)} proto ${routeProtocol}`] : [],
  );
}

function declareRoute(route: string): string {
  if (route.includes(' table '))
    return route.replace(/^(\S+)( table \d+)$/, `unreachable $1 metric ${unreachableMetric}$2`);
  return route.includes(' dev ')
    ? `${route} metric ${detourMetric}`
    : `unreachable ${route} metric ${unreachableMetric}`;
}

/**
 * Reads the output of `listRoutes`: `PREFIX` for unreachable ones, `PREFIX dev DETOUR`, and in the tables of uplinks the same with the
 * table behind it, or a whole route (see `parseRoutesOn`) with the table behind it; sorted.
 */
export function parseRoutes(text: string): Read<readonly string[]> {
  try {
    const routes = text.trim() === '' ? [] : (JSON.parse(text) as PrintedRoute[]);
    const ours = routes.flatMap((route) => (route.table === undefined ? readOfMain(route) : readOfTable(route)));
    return { known: true, value: [...new Set(ours)].sort() };
  } catch (error) {
    return {
      known: false,
      why: `the output of ip was not understood: ${reasonOf(error)}`,
    };
  }
}

/** A route with our number that is of another kind was made by somebody else, who did not know whose number it is. */
function readOfMain(route: PrintedRoute): string[] {
  if (isUnreachable(route)) return [readDestination(route)];
  return isUnicast(route) && route.dev?.startsWith('six-') ? [`${readDestination(route)} dev ${route.dev}`] : [];
}

function readOfTable(route: PrintedRoute): string[] {
  if (isUnreachable(route)) return [`${readDestination(route)} table ${route.table}`];
  return isUnicast(route) ? [`${describeRoute(route)} metric ${route.metric} table ${route.table}`] : [];
}
