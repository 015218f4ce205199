import type { Row, Values } from './values.ts';

interface Common {
  /** The key of the intent. */
  readonly key: string;
  readonly label: string;
  readonly help?: string;
  /** Shown under "More". */
  readonly more?: true;
  /** Whether it is shown; always where left out. What is not shown does not count either. */
  readonly when?: (values: Values) => boolean;
}

export type Field = TextField | ChoiceField | FlagField | RowsField;

export interface TextField extends Common {
  readonly kind: 'text';
  readonly placeholder?: string;
  /** Written to the intent as a number where it is one. */
  readonly numeric?: true;
  /** Values to choose from that are not all that is possible. */
  readonly suggestions?: readonly Choice[];
  /** A button that fills it in. */
  readonly fill?: { readonly label: string; readonly make: () => string };
}

export interface ChoiceField extends Common {
  readonly kind: 'choice';
  /** The first is the default. */
  readonly choices: readonly Choice[];
  /** No key of the intent but an option beside it. */
  readonly outside?: true;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface FlagField extends Common {
  readonly kind: 'flag';
}

export interface RowsField extends Common {
  readonly kind: 'rows';
  readonly columns: readonly Column[];
  /** What a row is called, for its buttons. */
  readonly row: string;
  /** Whether their order means something. */
  readonly ordered?: true;
  /** An item of the intent: text where it is one option of a command line. */
  readonly format: (row: Row) => unknown;
  /** Undefined for what no row can hold. */
  readonly parse: (item: unknown) => Row | undefined;
  /** A new row beside these. */
  readonly next: (rows: readonly Row[]) => Row;
}

export interface Column {
  readonly key: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly narrow?: true;
  readonly wide?: true;
  readonly flag?: true;
}
