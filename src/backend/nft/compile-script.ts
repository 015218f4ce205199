import type { ElementChange, Step } from '../../engine/step.ts';
import { formatElement } from './subnet-sets.ts';
import { declareDevices } from './table.ts';

/**
 * The nft script of all nftables steps of a plan, one transaction; undefined where the plan has none. A table that
 * is replaced is deleted and made in the same transaction.
 */
export function compileScript(steps: readonly Step[]): string | undefined {
  const lines = steps.flatMap((step) => {
    switch (step.do) {
      case 'install-table':
        return [
          // Adding it first makes the deletion right whether the table is there or not.
          ...(step.replaces ? [`table ${step.table.key} { }`, `delete table ${step.table.key}`] : []),
          `table ${step.table.key} {\n${step.table.definition}\n}`,
        ];
      case 'remove-table':
        return [`delete table ${step.table}`];
      case 'change-elements':
        return step.changes.flatMap((change) => changeElements(step.table, change));
      default:
        return [];
    }
  });
  return lines.length > 0 ? `${lines.join('\n')}\n` : undefined;
}

function changeElements(table: string, change: ElementChange): string[] {
  const { set, remove, add, refill } = change;
  if (change.isFlowtable) return changeDevices(table, change);
  const lines = (verb: 'add' | 'delete', elements: readonly string[]): string[] =>
    elements.length > 0
      ? [`${verb} element ${table} ${set} { ${elements.map((element) => formatElement(set, element)).join(', ')} }`]
      : [];
  // nft 1.0.6 wants to be told which of the two it is.
  const kind = [...remove, ...add].some((element) => element.includes(' : ')) ? 'map' : 'set';
  if (refill) return [`flush ${kind} ${table} ${set}`, ...lines('add', [...refill, ...add])];
  return [...lines('delete', remove), ...lines('add', add)];
}

function changeDevices(table: string, { set, remove, add }: ElementChange): string[] {
  const line = (verb: 'add' | 'delete', elements: readonly string[]): string[] => {
    const devices = elements.map((element) => element.slice(1, -1));
    return devices.length > 0 ? [`${verb} flowtable ${table} ${set} { ${declareDevices(devices)} }`] : [];
  };
  return [...line('delete', remove), ...line('add', add)];
}
