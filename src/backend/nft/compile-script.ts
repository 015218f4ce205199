import type { Step } from '../../engine/step.ts';

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
        return step.changes.flatMap(({ set, remove, add }) => [
          ...(remove.length > 0 ? [`delete element ${step.table} ${set} { ${remove.join(', ')} }`] : []),
          ...(add.length > 0 ? [`add element ${step.table} ${set} { ${add.join(', ')} }`] : []),
        ]);
      default:
        return [];
    }
  });
  return lines.length > 0 ? `${lines.join('\n')}\n` : undefined;
}
