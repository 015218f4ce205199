import { configShape } from './config-shape.ts';
import type { JsonSchema } from './shape/shape.ts';

/** For editors: JSON Schema (draft 2020-12) of the definition that reads the file. References are beyond it. */
export const configSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'sixgate configuration',
  ...configShape.schema,
};

/** The text of packaging/sixgate.schema.json. */
export function formatConfigSchema(): string {
  return `${JSON.stringify(configSchema, null, 2)}\n`;
}
