import { useState } from 'preact/hooks';
import { saveFile } from '../page/save-file.ts';
import { CopyButton } from '../page/copy-button.tsx';
import { goTo, type Shown } from './place.ts';
import { readIntentText } from './read-intent-text.ts';

/** The intent out and in: the JSON that `--intent` takes. */
export function IntentExchange({ kind, target, values }: Shown) {
  const [problem, setProblem] = useState('');
  const text = `${JSON.stringify(kind.toIntent(values), undefined, 2)}\n`;
  const load = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const read = await readIntentText(await file.text(), kind);
    setProblem(read.ok ? '' : `${file.name}: ${read.problem}`);
    if (!read.ok) return;
    const to = read.value.kind;
    goTo({ kind: to, target: to.name === kind.name ? target : to.targets[0]!.name, values: read.value.values });
  };
  return (
    <details class="exchange">
      <summary>Intent as JSON</summary>
      <p class="help">
        What the form says, to keep and to come back to.
        {kind.takesIntent === true ? (
          <>
            {' '}
            <code>sixgate generate {kind.name}</code> takes it as <code>--intent</code>.
          </>
        ) : null}
      </p>
      <pre tabIndex={0} role="group" aria-label="Intent">
        <code>{text}</code>
      </pre>
      <div class="bar">
        <span class="actions">
          <CopyButton text={text} what="the intent" />
          <button type="button" class="quiet" onClick={() => saveFile(`${kind.name}.json`, text, 'application/json')}>
            Export
          </button>
          <label class="button quiet">
            Import
            <input
              type="file"
              accept=".json,application/json"
              class="heard"
              onChange={({ currentTarget }) => {
                void load(currentTarget.files?.[0]);
                currentTarget.value = '';
              }}
            />
          </label>
        </span>
      </div>
      <p class="problem" role="alert">
        {problem}
      </p>
    </details>
  );
}
