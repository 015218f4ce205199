import { useState } from 'preact/hooks';

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for those who hear it. */
  readonly what: string;
}

/** Copies; where the browser does not let it (no secure context), it says how to. */
export function CopyButton({ text, what }: CopyButtonProps) {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('Not allowed here: select and copy it');
    }
    setTimeout(() => setSaid(''), 2000);
  };
  return (
    <button type="button" class="quiet" aria-label={said === '' ? `Copy ${what}` : said} onClick={() => void copy()}>
      <span aria-live="polite">{said === '' ? 'Copy' : said}</span>
    </button>
  );
}
