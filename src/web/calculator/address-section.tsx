import { CopyButton } from '../page/copy-button.tsx';
import { FieldView } from '../form/field-view.tsx';
import { textOf } from '../form/values.ts';
import { bitGroups } from './bit-groups.ts';
import { inputs, setInput } from './calculator-state.ts';
import { describeInput } from './describe-input.ts';

/** What an address or prefix is. */
export function AddressSection() {
  const values = inputs.value;
  const read = describeInput(textOf(values, 'address'));
  const problems = read.ok ? [] : [{ ...read.problem, field: 'address' }];
  return (
    <section aria-labelledby="address-title" class="sheet">
      <h2 id="address-title">An address or prefix</h2>
      <FieldView
        field={{ kind: 'text', key: 'address', label: 'Address or prefix', placeholder: 'fd12:3456:789a:1::10' }}
        values={values}
        problems={problems}
        onChange={setInput}
      />
      {read.ok ? (
        <>
          <BitStrip address={read.value.address} length={read.value.length ?? 48} />
          <dl class="facts">
            {read.value.rows.map(({ name, text, exact }) => (
              <div key={name + text}>
                <dt>{name}</dt>
                <dd>{exact === true ? <code>{text}</code> : text}</dd>
              </div>
            ))}
          </dl>
          <CopyButton text={read.value.canonical} what="the canonical text" />
        </>
      ) : null}
    </section>
  );
}

function BitStrip({ address, length }: { readonly address: Parameters<typeof bitGroups>[0]; readonly length: number }) {
  return (
    <div class="bits" aria-hidden="true">
      <p>
        {bitGroups(address, length).map((group, index) => (
          <span key={index} class="group">
            {group.map(({ text, part }, at) => (
              <span key={at} class={part}>
                {text}
              </span>
            ))}
          </span>
        ))}
      </p>
      <p class="legend">
        <span class="prefix">{length} bits of prefix</span>
        {length < 64 ? <span class="subnet">{64 - length} of subnet</span> : null}
        <span class="interface">{128 - Math.max(64, length)} of interface</span>
      </p>
    </div>
  );
}
