import { formatPrefix, parsePrefix } from '../../core/prefix.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Step } from '../../engine/step.ts';

/** Marks our routes among all others; a number that iproute2's rt_protos gives to nobody. */
export const routeProtocol = 66;

/** The weakest there is below the kernel's own limit: any other route for the same prefix wins. */
const metric = 0x7fff_fffe;

/** Our routes, as `ip` arguments that print them as JSON. */
export const listRoutes = ['ip', '-6', '-j', 'route', 'show', 'proto', String(routeProtocol)] as const;

/** Lines for `ip -batch -` that add (or take away) the unreachable routes of these steps. */
export function compileRoutes(steps: readonly Step[], which: 'add-route' | 'remove-route'): string | undefined {
  const verb = which === 'add-route' ? 'replace' : 'del';
  const lines = steps.flatMap((step) =>
    step.do === which ? [`route ${verb} unreachable ${step.prefix} proto ${routeProtocol} metric ${metric}`] : [],
  );
  return lines.length > 0 ? `${lines.join('\n')}\n` : undefined;
}

/** Reads the output of `listRoutes`: prefixes as text, sorted. */
export function parseRoutes(text: string): Read<readonly string[]> {
  try {
    const routes = text.trim() === '' ? [] : (JSON.parse(text) as { dst: string; type?: string }[]);
    // A route with our number that is of another kind was made by somebody else, who did not know whose number it is.
    const ours = routes.filter(({ type }) => type === 'unreachable');
    const prefixes = ours.map(({ dst }) => {
      const prefix = parsePrefix(dst.includes('/') ? dst : `${dst}/128`);
      if (!prefix.ok) throw new Error(prefix.problem.message);
      return formatPrefix(prefix.value);
    });
    return { known: true, value: [...new Set(prefixes)].sort() };
  } catch (error) {
    return {
      known: false,
      why: `the output of ip was not understood: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
