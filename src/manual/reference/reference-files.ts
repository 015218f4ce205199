import type { CommandEntry } from '../command-tree.ts';
import type { ConfigSchema } from '../config-page.ts';
import { commandsReference } from './commands-reference.ts';
import { configReference } from './config-reference.ts';
import { exitCodesReference } from './exit-codes-reference.ts';
import { hooksReference } from './hooks-reference.ts';
import { readLayers } from './layer-graph.ts';
import { layersDrawing } from './layers-drawing.ts';
import { logReference } from './log-reference.ts';
import { metricsReference } from './metrics-reference.ts';
import { problemsReference } from './problems-reference.ts';
import { statusReference } from './status-reference.ts';

/** Files whose text is read, from the root of the project. */
export const referenceInputs = {
  errors: 'docs/errors.md',
  log: 'src/daemon/log.ts',
  status: [
    'src/engine/status.ts',
    'src/engine/report.ts',
    'src/engine/durations.ts',
    'src/engine/prefix-history.ts',
    'src/engine/node-identity.ts',
    'src/engine/xen/served-interface.ts',
  ],
} as const;

/** Every page of docs/reference, and the drawing of the layers. `read`: the text of a file of the project; `layers`: folders of src. */
export function referenceFiles(
  tree: CommandEntry,
  schema: ConfigSchema,
  layers: readonly string[],
  read: (path: string) => string,
): readonly { readonly path: string; readonly text: string }[] {
  const pages: Readonly<Record<string, string>> = {
    'commands.md': commandsReference(tree),
    'configuration.md': configReference(schema),
    'exit-codes.md': exitCodesReference(),
    'hooks.md': hooksReference(),
    'log.md': logReference(read(referenceInputs.log)),
    'metrics.md': metricsReference(),
    'problem-codes.md': problemsReference(read(referenceInputs.errors)),
    'status-json.md': statusReference(referenceInputs.status.map(read)),
  };
  const configs = Object.fromEntries(layers.map((name) => [name, read(`src/${name}/tsconfig.json`)]));
  return [
    ...Object.entries(pages).map(([name, text]) => ({ path: `docs/reference/${name}`, text })),
    { path: 'docs/architecture.svg', text: layersDrawing(readLayers(configs)) },
  ];
}
