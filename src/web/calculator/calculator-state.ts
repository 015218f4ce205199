import { effect, signal } from '@preact/signals';
import { formatFragment, parseFragment } from '../form/fragment.ts';
import type { Values } from '../form/values.ts';

const example: Values = {
  address: 'fd12:3456:789a:1::10',
  inside: 'fd12:3456:789a::/48',
  outside: '2001:db8:a::/48',
  delegated: '2001:db8:b:aa80::/62',
  subnets: [
    { name: 'lan', id: '0' },
    { name: 'servers', id: '1' },
    { name: 'guests', id: '10' },
    { name: 'lab', id: '2' },
    { name: 'cameras', id: '20' },
  ],
};

/** What stands in the fields; the fragment of the URL says the same. */
export const inputs = signal<Values>(readInputs());

function readInputs(): Values {
  return { ...example, ...parseFragment(location.hash).values };
}

export function setInput(key: string, value: Values[string]): void {
  inputs.value = { ...inputs.peek(), [key]: value };
}

export function followUrl(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const fragment = formatFragment({ kind: 'of', target: '', values: inputs.value });
    clearTimeout(timer);
    timer = setTimeout(() => history.replaceState(null, '', fragment), 200);
  });
  addEventListener('popstate', () => (inputs.value = readInputs()));
}
