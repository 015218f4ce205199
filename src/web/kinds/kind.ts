import type { GeneratedFile } from '../../generate/generated-file.ts';
import type { Drawing } from '../drawing/drawing.ts';
import type { Step } from '../files/read-steps.ts';
import type { Field } from '../form/field.ts';
import type { FieldProblem } from '../form/field-problem.ts';
import type { Intent } from '../form/intent.ts';
import type { Values } from '../form/values.ts';

/*
 * How to add a kind: one file offered/NAME.ts, named as on the command line, that exports `kind`, and one line in menu.ts. Where
 * the kind has an intent, as nearly all have, `intentKind` (intent-kind.ts) makes it from its fields, its generator and its
 * drawing. Each file there becomes a script of its own, which is loaded when the kind is chosen: it may import everything
 * that is no component.
 */

/** One thing that the generator can set up. */
export interface Kind {
  /** As on the command line; also its name in the URL. */
  readonly name: string;
  readonly fields: readonly Field[];
  readonly targets: readonly Target[];
  /** What stands in the form at first. Addresses are those for documentation. */
  readonly example: Values;
  /** Kinds with the same one share what was typed; its name where left out. */
  readonly form?: string;
  /** Whether the command line takes the intent. */
  readonly takesIntent?: true;
  make(values: Values, target: string): Made;
  toIntent(values: Values): Intent;
  /** Values for the form, and the keys that it cannot hold. */
  fromIntent(intent: Intent): { readonly values: Values; readonly lost: readonly string[] };
}

export interface Target {
  readonly name: string;
  readonly label: string;
}

/** Everything that the page shows of what is in the form. */
export interface Made {
  /** Empty where there is a problem. */
  readonly files: readonly GeneratedFile[];
  readonly problems: readonly FieldProblem[];
  readonly warnings: readonly FieldProblem[];
  /** Paragraphs. */
  readonly advice: readonly string[];
  readonly drawing: Drawing;
  readonly steps: readonly Step[];
  /** Command lines that make the same files. */
  readonly commands: readonly string[];
}
