import { useState } from 'preact/hooks';
import type { Problem } from '../../core/problem.ts';
import type { TraceLine } from '../../engine/trace-address.ts';

interface Traced {
  readonly address?: string;
  readonly lines?: readonly TraceLine[];
  readonly problem?: Pick<Problem, 'message' | 'mend'>;
}

/** Type an address, see what becomes of packets from and to it. */
export function TraceView({ example }: { readonly example: string }) {
  const [text, setText] = useState('');
  const [traced, setTraced] = useState<Traced>();
  const trace = async (): Promise<void> => {
    try {
      const response = await fetch(`api/trace?address=${encodeURIComponent(text.trim())}`, { cache: 'no-store' });
      setTraced((await response.json()) as Traced);
    } catch {
      setTraced({
        problem: { message: 'the server did not answer', mend: 'Try it again when the connection is back.' },
      });
    }
  };
  return (
    <section class="sheet" aria-labelledby="trace-title">
      <h2 id="trace-title">Trace</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void trace();
        }}
      >
        <div class="field">
          <label for="trace-address">Address, or subnet::host</label>
          <div class="with-button">
            <input
              id="trace-address"
              type="text"
              value={text}
              placeholder={example}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              onInput={({ currentTarget }) => setText(currentTarget.value)}
            />
            <button type="submit">Trace</button>
          </div>
        </div>
      </form>
      <div role="status">
        {traced?.problem === undefined ? null : (
          <p class="problem">
            {traced.problem.message}
            <span class="mend">{traced.problem.mend}</span>
          </p>
        )}
        <ul class="traced">
          {traced?.lines?.map((line, index) => (
            <li key={index}>
              <p>
                <span class="tag">
                  {line.direction === 'none' ? '' : `${line.direction}${line.uplink === null ? '' : ` ${line.uplink}`}`}
                </span>
                <code>{line.from}</code>
                {line.becomes === null ? <strong class="lost"> stopped</strong> : <span> → </span>}
                {line.becomes === null ? null : <code>{line.becomes}</code>}
              </p>
              <p class="help">{line.because}</p>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
