import type { Config } from '../../engine/config.ts';
import type { GeneratedFile } from '../../generate/generated-file.ts';
import { readSteps, type Step } from '../files/read-steps.ts';
import { deriveIntent, readIntentValues } from '../form/intent.ts';
import { configExample, configFields } from './config-fields.ts';
import { drawConfig } from './draw-config.ts';
import type { Kind, Target } from './kind.ts';
import { writeConfig } from './write-config.ts';

/** A kind whose files follow from config.yaml. */
export interface DerivedKind {
  readonly name: string;
  readonly targets: readonly Target[];
  readonly files: (config: Config, target: string) => readonly GeneratedFile[];
  readonly steps?: (config: Config, target: string) => readonly Step[];
}

export function derivedKind({ name, targets, files, steps }: DerivedKind): Kind {
  return {
    name,
    form: 'config',
    fields: configFields,
    targets,
    example: configExample,
    make(values, target) {
      const { loaded, problems, warnings } = writeConfig(values);
      const drawing = drawConfig(values, loaded?.config);
      const commands = [`sixgate generate ${name} --for ${target}`];
      if (loaded === undefined) return { files: [], problems, warnings, advice: [], drawing, steps: [], commands };
      const made = files(loaded.config, target);
      return {
        files: made,
        problems,
        warnings,
        advice: [],
        drawing,
        steps: [...readSteps(made), ...(steps?.(loaded.config, target) ?? [])],
        commands,
      };
    },
    toIntent: (values) => ({ kind: name, ...deriveIntent(configFields, values) }),
    fromIntent: (intent) => readIntentValues(configFields, intent),
  };
}
