import type { Column, RowsField } from './field.ts';
import type { FieldProblem } from './field-problem.ts';
import type { Row } from './values.ts';
import { BelowField, type FieldViewProps } from './below-field.tsx';

/** A field that repeats: a table of inputs, with a button to add a line and one in each to take it out. */
export function RowsView({ field, values, problems, onChange }: FieldViewProps<RowsField>) {
  const value = values[field.key];
  const rows = typeof value === 'object' ? value : [];
  const id = `field-${field.key}`;
  const set = (next: readonly Row[]): void => onChange(field.key, next);
  const described = [
    ...(field.help === undefined ? [] : [`${id}-help`]),
    ...(problems.length > 0 ? [`${id}-problem`] : []),
  ];
  return (
    <fieldset id={id} class="field rows" aria-describedby={described.length > 0 ? described.join(' ') : undefined}>
      <legend>{field.label}</legend>
      {rows.map((row, index) => (
        <div key={index} class="row">
          {field.columns.map((column) => (
            <Cell
              key={column.key}
              field={field}
              column={column}
              index={index}
              text={row[column.key] ?? ''}
              bad={problems.some((problem) => blames(problem, field, index, column.key))}
              onText={(text) => set(rows.map((each, at) => (at === index ? { ...each, [column.key]: text } : each)))}
            />
          ))}
          {field.ordered === true ? (
            <button
              type="button"
              class="icon"
              disabled={index === 0}
              aria-label={`Move ${field.row} ${index + 1} up`}
              title="Move up"
              onClick={() => set(rows.toSpliced(index, 1).toSpliced(index - 1, 0, row))}
            >
              ↑
            </button>
          ) : null}
          <button
            type="button"
            class="icon"
            aria-label={`Remove ${field.row} ${index + 1}`}
            title="Remove"
            onClick={() => set(rows.toSpliced(index, 1))}
          >
            ×
          </button>
        </div>
      ))}
      <button type="button" class="quiet add" onClick={() => set([...rows, field.next(rows)])}>
        {`+ Add ${/^[aeiou]/.test(field.row) ? 'an' : 'a'} ${field.row}`}
      </button>
      <BelowField id={id} field={field} problems={problems.map((problem) => named(problem, field))} />
    </fieldset>
  );
}

interface CellProps {
  readonly field: RowsField;
  readonly column: Column;
  readonly index: number;
  readonly text: string;
  readonly bad: boolean;
  readonly onText: (text: string) => void;
}

function Cell({ field, column, index, text, bad, onText }: CellProps) {
  const invalid = bad ? ('true' as const) : undefined;
  const label = `${column.label} of ${field.row} ${index + 1}`;
  if (column.flag === true) {
    return (
      <label class="cell-flag">
        <span aria-hidden="true">{column.label}</span>
        <input
          type="checkbox"
          checked={text === 'yes'}
          aria-label={label}
          onChange={({ currentTarget }) => onText(currentTarget.checked ? 'yes' : '')}
        />
      </label>
    );
  }
  return (
    <label class={column.narrow === true ? 'cell narrow' : column.wide === true ? 'cell wide' : 'cell'}>
      <span aria-hidden="true">{column.label}</span>
      <input
        type="text"
        value={text}
        aria-label={label}
        aria-invalid={invalid}
        placeholder={column.placeholder}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        onInput={({ currentTarget }) => onText(currentTarget.value)}
      />
    </label>
  );
}

/** `subnets.0.id` is a cell; the name of the field alone blames nothing in particular. */
function blames(problem: FieldProblem, field: RowsField, index: number, column: string): boolean {
  return problem.field === `${field.key}.${index}.${column}`;
}

function named(problem: FieldProblem, { key, row, columns }: RowsField): FieldProblem {
  const [, index, column] = (problem.field ?? '').slice(key.length).split('.');
  if (index === undefined || index === '') return problem;
  const label = columns.find((each) => each.key === column)?.label;
  return {
    ...problem,
    message: `${row} ${Number(index) + 1}${label === undefined ? '' : `, ${label}`}: ${problem.message}`,
  };
}
