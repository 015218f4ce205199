import type { Field } from './field.ts';
import type { FieldProblem } from './field-problem.ts';
import type { Values } from './values.ts';

export interface FieldViewProps<F extends Field = Field> {
  readonly field: F;
  readonly values: Values;
  /** Those of this field. */
  readonly problems: readonly FieldProblem[];
  readonly onChange: (key: string, value: Values[string]) => void;
}

/** What stands under a field: first what is wrong, then what it is for. */
export function BelowField({
  id,
  field,
  problems,
}: {
  readonly id: string;
  readonly field: Field;
  readonly problems: readonly FieldProblem[];
}) {
  return (
    <>
      {problems.length === 0 ? null : (
        <ul id={`${id}-problem`} class="problem">
          {problems.map(({ message, mend }) => (
            <li key={message}>
              {message}
              {mend === undefined ? null : <span class="mend">{mend}</span>}
            </li>
          ))}
        </ul>
      )}
      {field.help === undefined ? null : (
        <p id={`${id}-help`} class="help">
          {field.help}
        </p>
      )}
    </>
  );
}
