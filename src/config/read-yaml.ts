import { parseDocument } from 'yaml';
import type { ConfigProblem } from './config-problem.ts';
import { convertYaml, type RefuseYaml } from './convert-yaml.ts';
import type { Node } from './node.ts';
import type { Place } from './place.ts';
import { placesInText } from './places-in-text.ts';
import { explainYamlError, yamlMends } from './yaml-errors.ts';

/** A text to read and the name by which problems call it. */
export interface ConfigSource {
  readonly name: string;
  readonly text: string;
}

const limits = { characters: 1 << 20, problems: 20 };

/** Reads YAML 1.2 (core schema). A text without a value gives no node and no problem. */
export function readYaml(source: ConfigSource): { node?: Node; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const start: Place = { file: source.name, line: 1, column: 1 };
  const refuse: RefuseYaml = (place, message, mend, code = 'config-syntax') => {
    if (problems.length < limits.problems) problems.push({ code, message, mend, ...place });
  };
  if (source.text.length > limits.characters) {
    refuse(start, `the file has more than ${limits.characters} characters`, 'Take out what is no configuration.');
    return { problems };
  }
  const text = source.text.startsWith('\ufeff') ? source.text.slice(1) : source.text;
  // Keys that stand twice are found below, where both places are known; the library compares every pair.
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, intAsBigInt: true });
  const placeAt = placesInText(source.name, text);
  if (document.directives?.yaml.explicit && document.directives.yaml.version !== '1.2') {
    refuse(
      start,
      `the file asks for YAML ${document.directives.yaml.version}`,
      'Take out the %YAML line: this is 1.2.',
    );
  }
  const errors = [...document.errors, ...document.warnings];
  // What follows the end of the library's patience are its consequences.
  const exhausted = errors.find((error) => error.code === 'RESOURCE_EXHAUSTION');
  for (const error of exhausted ? [exhausted] : errors) {
    refuse(
      placeAt(error.pos[0]),
      explainYamlError(error.message, error.code),
      yamlMends[error.code] ?? 'Correct the YAML here.',
    );
  }
  if (problems.length > 0) return { problems };

  const node = document.contents ? convertYaml(document.contents, placeAt, refuse) : undefined;
  if (problems.length > 0 || !node) return { problems };
  return node.kind === 'scalar' && node.value === null ? { problems } : { node, problems };
}
