import { reasonOf } from '../../core/printable.ts';
import { formatPrefix, parsePrefix } from '../../core/prefix.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Step } from '../../engine/step.ts';
import { routeProtocol } from './routes.ts';

/** All rules of IPv6, as `ip` arguments that print them as JSON; ours are those with our protocol. */
export const listRules = ['ip', '-N', '-6', '-j', 'rule', 'show'] as const;

export const mainTable = 254;

/** Lines for `ip -batch -` that add (or take away) the rules of these steps. */
export function compileRules(steps: readonly Step[], which: 'add-rule' | 'remove-rule'): string[] {
  const verb = which === 'add-rule' ? 'add' : 'del';
  return steps.flatMap((step) => (step.do === which ? [`rule ${verb} ${step.rule} protocol ${routeProtocol}`] : []));
}

interface PrintedRule {
  readonly priority: number;
  readonly src?: string;
  readonly srclen?: number;
  readonly fwmark?: string;
  readonly fwmask?: string;
  readonly table?: string;
  readonly suppress_prefixlen?: number;
  readonly protocol?: string;
}

/** Our rules as text, in the form in which they are wanted, sorted; whatever else one of them has makes it another rule. */
export function parseRules(text: string): Read<readonly string[]> {
  try {
    const rules = JSON.parse(text.trim() === '' ? '[]' : text) as PrintedRule[];
    const ours = rules.filter(({ protocol }) => protocol === String(routeProtocol)).map(describe);
    return { known: true, value: [...new Set(ours)].sort() };
  } catch (error) {
    return { known: false, why: `the output of ip was not understood: ${reasonOf(error)}` };
  }
}

function describe({ priority, src, srclen, fwmark, fwmask, table, suppress_prefixlen, ...rest }: PrintedRule) {
  const from = src === undefined || src === 'all' ? [] : [`from ${readSource(src, srclen)}`];
  const marked = fwmark === undefined ? [] : [`fwmark ${fwmark}${fwmask === undefined ? '' : `/${fwmask}`}`];
  return [
    `priority ${priority}`,
    ...from,
    ...marked,
    ...(table === undefined ? [] : [`lookup ${table}`]),
    ...(suppress_prefixlen === undefined ? [] : [`suppress_prefixlength ${suppress_prefixlen}`]),
    ...Object.entries(rest)
      .filter(([key]) => key !== 'protocol')
      .map(([key, value]) => `${key} ${value}`),
  ].join(' ');
}

function readSource(src: string, length = 128): string {
  const prefix = parsePrefix(`${src}/${length}`);
  if (!prefix.ok) throw new Error(prefix.problem.message);
  return formatPrefix(prefix.value);
}
