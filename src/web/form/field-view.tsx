import { BelowField, type FieldViewProps } from './below-field.tsx';
import { RowsView } from './rows-view.tsx';

export function FieldView(props: FieldViewProps) {
  const { field, values, problems, onChange } = props;
  if (field.kind === 'rows') return <RowsView {...props} field={field} />;
  const id = `field-${field.key}`;
  const described = [
    ...(field.help === undefined ? [] : [`${id}-help`]),
    ...(problems.length > 0 ? [`${id}-problem`] : []),
  ];
  const value = values[field.key];
  const text = typeof value === 'string' ? value : '';
  const common = {
    id,
    'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
    'aria-invalid': problems.length > 0 ? ('true' as const) : undefined,
  };
  if (field.kind === 'flag') {
    return (
      <div class="field flag">
        <label>
          <input
            {...common}
            type="checkbox"
            checked={text === 'yes'}
            onChange={({ currentTarget }) => onChange(field.key, currentTarget.checked ? 'yes' : '')}
          />
          {field.label}
        </label>
        <BelowField id={id} field={field} problems={problems} />
      </div>
    );
  }
  return (
    <div class="field">
      <label for={id}>{field.label}</label>
      {field.kind === 'choice' ? (
        <select
          {...common}
          value={text || field.choices[0]?.value}
          onChange={({ currentTarget }) => onChange(field.key, currentTarget.value)}
        >
          {field.choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      ) : (
        <div class="with-button">
          <input
            {...common}
            type="text"
            value={text}
            placeholder={field.placeholder}
            inputMode={field.numeric === true ? 'numeric' : 'text'}
            list={field.suggestions === undefined ? undefined : `${id}-list`}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            onInput={({ currentTarget }) => onChange(field.key, currentTarget.value)}
          />
          {field.fill === undefined ? null : (
            <button type="button" class="quiet" onClick={() => onChange(field.key, field.fill!.make())}>
              {field.fill.label}
            </button>
          )}
        </div>
      )}
      {field.kind === 'text' && field.suggestions !== undefined ? (
        <datalist id={`${id}-list`}>
          {field.suggestions.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </datalist>
      ) : null}
      <BelowField id={id} field={field} problems={problems} />
    </div>
  );
}
