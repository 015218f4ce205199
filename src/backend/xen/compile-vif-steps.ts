import type { VifStep } from '../../engine/xen/vif-step.ts';
import { declareChainHead, ruleComment } from '../nft/table.ts';
import { routeProtocol } from '../route/routes.ts';
import { filterTable, filterTableKey } from './filter-table.ts';

/**
 * The nft script of these steps, one transaction; undefined where none is about the filter. The fixed part is made anew
 * each time, so that two guests who start at once, or somebody who flushed it, change nothing: chains are emptied and filled
 * within the transaction, set elements and counters stay.
 */
export function compileFilter(steps: readonly VifStep[]): string | undefined {
  const changes = steps.flatMap((step) => {
    const element = 'device' in step ? `element ${filterTableKey} vifs { "${step.device}" }` : '';
    if (step.do === 'filter') return [`add ${element}`];
    // Adding it first makes the deletion right whether it is there or not.
    return step.do === 'unfilter' ? [`add ${element}`, `delete ${element}`] : [];
  });
  return changes.length === 0 ? undefined : `${[...renewTable(), ...changes].join('\n')}\n`;
}

/** The script that makes the table with exactly these interfaces in it. */
export function compileWholeFilter(devices: readonly string[]): string {
  return `${[
    ...renewTable(),
    `flush set ${filterTableKey} vifs`,
    ...devices.map((device) => `add element ${filterTableKey} vifs { "${device}" }`),
  ].join('\n')}\n`;
}

function renewTable(): string[] {
  const { sets, counters, chains } = filterTable;
  return [
    `add table ${filterTableKey}`,
    ...sets.map(({ name, type }) => `add set ${filterTableKey} ${name} { type ${type}; }`),
    ...counters.map((name) => `add counter ${filterTableKey} ${name}`),
    ...chains.map((chain) => `add chain ${filterTableKey} ${declareChainHead(chain)}`),
    ...chains.map(({ name }) => `flush chain ${filterTableKey} ${name}`),
    ...chains.flatMap(({ name, rules }) =>
      rules.map((rule) => `add rule ${filterTableKey} ${name} ${rule.text} comment "${ruleComment(rule)}"`),
    ),
  ];
}

/** Lines for `ip -6 -batch -`: what is given to a guest. */
export function compileGiving(steps: readonly VifStep[]): string | undefined {
  return lines(
    steps.flatMap((step) => {
      switch (step.do) {
        case 'raise':
          return [`link set dev ${step.device} up`];
        case 'add-address':
          // Duplicate address detection would wait for the guest's driver, and the address be unusable until then.
          return [`address replace ${step.address} dev ${step.device} nodad noprefixroute`];
        case 'add-guest-route':
          return [`route replace ${routeOf(step)}`];
        case 'answer':
          return [`neighbour replace proxy ${step.address} dev ${step.device}`];
        default:
          return [];
      }
    }),
  );
}

/** Lines for `ip -6 -force -batch -`: what is taken away; each may be gone already. */
export function compileTaking(steps: readonly VifStep[]): string | undefined {
  return lines(
    steps.flatMap((step) => {
      switch (step.do) {
        case 'remove-guest-route':
          return [`route del ${routeOf(step)}`];
        case 'remove-address':
          return [`address del ${step.address} dev ${step.device}`];
        case 'stop-answering':
          return [`neighbour del proxy ${step.address} dev ${step.device}`];
        default:
          return [];
      }
    }),
  );
}

/** Arguments for `sysctl -w`; a path with slashes takes interface names with dots. */
export function compileSettings(steps: readonly VifStep[]): string[] {
  return steps.flatMap((step) => (step.do === 'set' ? [`${step.setting}=${step.value}`] : []));
}

function routeOf({
  device,
  route,
  metric,
}: Extract<VifStep, { do: 'add-guest-route' | 'remove-guest-route' }>): string {
  const via = route.via === undefined ? '' : `via ${route.via} `;
  return `${route.prefix} ${via}dev ${device} proto ${routeProtocol} metric ${metric}`;
}

function lines(all: readonly string[]): string | undefined {
  return all.length === 0 ? undefined : `${all.join('\n')}\n`;
}
