import { computed } from '@preact/signals';
import { DrawingView } from '../drawing/drawing-view.tsx';
import { isShown } from '../form/intent.ts';
import type { FieldProblem } from '../form/field-problem.ts';
import { menu } from '../kinds/menu.ts';
import { CopyButton } from '../page/copy-button.tsx';
import { FieldView } from '../form/field-view.tsx';
import { FilesView } from './files-view.tsx';
import { IntentExchange } from './intent-exchange.tsx';
import { KindList } from './kind-list.tsx';
import { MoreFields } from './more-fields.tsx';
import { failure, goTo, setValue, shown } from './place.ts';

const made = computed(() => shown.value?.kind.make(shown.value.values, shown.value.target));

/** The targets that refuse what another one takes. */
const cannot = computed(() => {
  if (shown.value === undefined) return new Set<string>();
  const { kind, values } = shown.value;
  const refusing = kind.targets.filter(({ name }) => kind.make(values, name).problems.length > 0);
  return new Set(refusing.length < kind.targets.length ? refusing.map(({ name }) => name) : []);
});

export function Generator() {
  const now = shown.value;
  if (now === undefined || made.value === undefined) {
    return (
      <div class="generator">
        <KindList kind={undefined} />
        <p class="problem" role="alert">
          {failure.value}
        </p>
      </div>
    );
  }
  const { kind, values, target } = now;
  const { name, targets } = kind;
  const title = menu.find((entry) => entry.name === name)?.title;
  const { files, problems, warnings, advice, drawing, steps, commands } = made.value;
  const fields = kind.fields.filter((field) => isShown(field, values));
  const ofField = (key: string): FieldProblem[] =>
    problems.filter(({ field }) => field === key || field?.startsWith(`${key}.`) === true);
  const more = fields.filter((field) => field.more === true);
  const elsewhere = problems.filter((problem) => !fields.some(({ key }) => ofField(key).includes(problem)));
  const view = (field: (typeof fields)[number]) => (
    <FieldView
      key={`${name} ${field.key}`}
      field={field}
      values={values}
      problems={ofField(field.key)}
      onChange={setValue}
    />
  );
  return (
    <div class="generator">
      <KindList kind={name} />
      <form aria-label={title} onSubmit={(event) => event.preventDefault()}>
        <h1>{title}</h1>
        {fields.filter((field) => field.more !== true).map(view)}
        {more.length === 0 ? null : (
          <MoreFields key={name} opened={more.some(({ key }) => ofField(key).length > 0)}>
            {more.map(view)}
          </MoreFields>
        )}
        <IntentExchange {...now} />
      </form>
      <div class="result">
        <DrawingView drawing={drawing} />
        <div class="targets" role="group" aria-label="For" hidden={targets.length < 2}>
          {targets.map((each) => (
            <button
              key={each.name}
              type="button"
              aria-pressed={each.name === target}
              class={cannot.value.has(each.name) ? 'cannot' : undefined}
              onClick={() => goTo({ ...now, target: each.name })}
            >
              {each.label}
              {cannot.value.has(each.name) ? <span class="heard"> cannot do this</span> : null}
            </button>
          ))}
        </div>
        <p class="heard" role="status">
          {problems.length > 0 ? `${problems.length} to mend` : `${files.length} files`}
        </p>
        {problems.length === 0 ? null : (
          <div class="note bad">
            <p>
              <strong>Nothing is written until this is mended.</strong>
            </p>
            <Notes problems={elsewhere.length > 0 ? elsewhere : problems} />
          </div>
        )}
        {warnings.length === 0 ? null : (
          <div class="note warn">
            <Notes problems={warnings} />
          </div>
        )}
        <FilesView key={name} files={files} archive={`sixgate-${name}.tar`} />
        {steps.length === 0 ? null : (
          <section class="steps">
            <h2>Apply it so</h2>
            <ol>
              <li>
                Unpack it on that machine, as root; what is there already stays
                <Commands lines={[`tar -xvpkf sixgate-${name}.tar -C /`]} />
              </li>
              {steps.map(({ text, commands: lines }) => (
                <li key={text + lines.join()}>
                  {text}
                  <Commands lines={lines} />
                </li>
              ))}
            </ol>
          </section>
        )}
        {commands.length === 0 ? null : (
          <section>
            <h2>The same on the command line</h2>
            <Commands lines={commands} />
          </section>
        )}
        {advice.length === 0 ? null : (
          <section class="advice">
            <h2>Why it is so</h2>
            {advice.map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
          </section>
        )}
      </div>
    </div>
  );
}

function Notes({ problems }: { readonly problems: readonly FieldProblem[] }) {
  return (
    <ul>
      {problems.map(({ message, mend }) => (
        <li key={message}>
          {message}
          {mend === undefined ? null : <span class="mend">{mend}</span>}
        </li>
      ))}
    </ul>
  );
}

function Commands({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  const text = lines.join('\n');
  return (
    <div class="commands">
      <pre tabIndex={0} role="group" aria-label="Commands">
        <code>{text}</code>
      </pre>
      <CopyButton text={text} what="the commands" />
    </div>
  );
}
