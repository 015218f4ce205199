import type { Generated } from '../../generate/generated.ts';
import type { NameKey } from '../../generate/intent/intent-fields.ts';
import type { Drawing } from '../drawing/drawing.ts';
import { readSteps, type Step } from '../files/read-steps.ts';
import { markKey, readMarks } from '../form/field-problem.ts';
import { deriveIntent, readIntentValues, type Intent } from '../form/intent.ts';
import type { Values } from '../form/values.ts';
import { formatCommand, optionName } from './command-line.ts';
import type { Kind } from './kind.ts';

/** What a kind with an intent is made of. */
export interface IntentKind extends Pick<Kind, 'name' | 'fields' | 'targets' | 'example'> {
  /** The generator of the command line. `values` are for what is no key of the intent. */
  readonly generate: (intent: Intent, target: string, nameKey: NameKey, values: Values) => Generated;
  /** Of a valid intent, or of one that is not (yet). */
  readonly draw: (intent: Intent, values: Values) => Drawing;
  /** With what the files say themselves, which is all where this is left out. */
  readonly steps?: (said: readonly Step[], values: Values, target: string) => readonly Step[];
}

export function intentKind({ generate, draw, steps, ...kind }: IntentKind): Kind {
  return {
    ...kind,
    takesIntent: true,
    make(values, target) {
      const intent = deriveIntent(kind.fields, values);
      const made = generate(intent, target, markKey, values);
      const drawing = draw(intent, values);
      const commands = [formatCommand(kind.name, target, kind.fields, values)];
      if (!made.ok) {
        const problems = made.problem.map((problem) => readMarks(problem, optionName));
        return { files: [], problems, warnings: [], advice: [], drawing, steps: [], commands };
      }
      const { files, warnings, advice } = made.value;
      return {
        files,
        problems: [],
        warnings: warnings.map((problem) => readMarks(problem, optionName)),
        advice,
        drawing,
        steps: steps?.(readSteps(files), values, target) ?? readSteps(files),
        commands,
      };
    },
    toIntent: (values) => ({ kind: kind.name, ...deriveIntent(kind.fields, values) }),
    fromIntent: (intent) => readIntentValues(kind.fields, intent),
  };
}
