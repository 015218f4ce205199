import { dropReasons } from '../../core/counterpart.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { deriveMapper, type MappingMode } from '../../core/map-address.ts';
import { parsePrefix } from '../../core/prefix.ts';
import { parseZonedAddress } from '../../core/zoned-address.ts';
import type { FieldProblem } from '../form/field-problem.ts';
import { FieldView } from '../form/field-view.tsx';
import { textOf } from '../form/values.ts';
import { inputs, setInput } from './calculator-state.ts';

const modes: readonly { readonly mode: MappingMode; readonly what: string }[] = [
  { mode: 'stateful', what: 'Stateful, as sixgate does it: the prefix is swapped, the rest stays' },
  { mode: 'rfc6296', what: 'RFC 6296: checksum-neutral, a word behind the prefix changes' },
];

/** The address on the other side, in both modes. */
export function TranslationSection() {
  const values = inputs.value;
  const [inside, outside] = [parsePrefix(textOf(values, 'inside')), parsePrefix(textOf(values, 'outside'))];
  const address = parseZonedAddress(textOf(values, 'address').split('/')[0]!);
  const of = (field: string, read: typeof inside): FieldProblem[] => (read.ok ? [] : [{ ...read.problem, field }]);
  return (
    <section aria-labelledby="translation-title" class="sheet">
      <h2 id="translation-title">Its translation</h2>
      <FieldView
        field={{ kind: 'text', key: 'inside', label: 'Inside prefix', placeholder: 'fd12:3456:789a::/48' }}
        values={values}
        problems={of('inside', inside)}
        onChange={setInput}
      />
      <FieldView
        field={{ kind: 'text', key: 'outside', label: 'Outside prefix', placeholder: '2001:db8:a::/48' }}
        values={values}
        problems={of('outside', outside)}
        onChange={setInput}
      />
      {inside.ok && outside.ok && address.ok ? (
        <dl class="facts">
          {modes.map(({ mode, what }) => {
            const mapper = deriveMapper({ inside: inside.value, outside: outside.value, mode });
            const answer = mapper.ok ? mapper.value.map(address.value.address) : undefined;
            const way = mapper.ok ? mapper.value.direction(address.value.address) : undefined;
            return (
              <div key={mode}>
                <dt>{what}</dt>
                <dd>
                  {!mapper.ok ? (
                    <span class="problem">{mapper.problem.message}</span>
                  ) : answer!.mapped === null ? (
                    `dropped: ${dropReasons[answer!.reason]}`
                  ) : (
                    <>
                      <span class="dim">{way === 'out' ? 'goes out as ' : 'comes in as '}</span>
                      <code>{formatIpv6(answer!.mapped)}</code>
                    </>
                  )}
                </dd>
              </div>
            );
          })}
        </dl>
      ) : null}
    </section>
  );
}
