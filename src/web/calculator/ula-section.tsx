import { useState } from 'preact/hooks';
import { newUla } from '../kinds/new-ula.ts';
import { CopyButton } from '../page/copy-button.tsx';
import { setInput } from './calculator-state.ts';

/** A prefix for the inside by RFC 4193, made here and told to nobody. */
export function UlaSection() {
  const [prefix, setPrefix] = useState(newUla);
  return (
    <section aria-labelledby="ula-title" class="sheet">
      <h2 id="ula-title">A prefix for the inside</h2>
      <p class="help">
        Unique local addresses (RFC 4193): fd00::/8 and 40 random bits, from this browser’s cryptographic generator.
        Make one, once; that two networks have the same is then as good as impossible.
      </p>
      <p class="large" role="status">
        <code>{prefix}</code>
      </p>
      <div class="actions">
        <button type="button" onClick={() => setPrefix(newUla())}>
          Another one
        </button>
        <CopyButton text={prefix} what="the prefix" />
        <button type="button" class="quiet" onClick={() => setInput('inside', prefix)}>
          Take it as the inside
        </button>
      </div>
    </section>
  );
}
