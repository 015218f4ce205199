import { describe, expect, test } from 'vitest';
import { formatConfigProblem } from './config-problem.ts';
import { loadConfig } from './load-config.ts';

const cases: { what: string; texts: string[]; told: string[] }[] = [
  {
    what: 'an empty file',
    texts: [''],
    told: [
      'c.yaml:1:1: the configuration is empty [config-empty] Write uplinks, networks and translate, or xen; the documentation of the configuration has an example.',
    ],
  },
  {
    what: 'a file of remarks',
    texts: ['# x\n'],
    told: [
      'c.yaml:1:1: the configuration is empty [config-empty] Write uplinks, networks and translate, or xen; the documentation of the configuration has an example.',
    ],
  },
  {
    what: 'a null',
    texts: ['~\n'],
    told: [
      'c.yaml:1:1: the configuration is empty [config-empty] Write uplinks, networks and translate, or xen; the documentation of the configuration has an example.',
    ],
  },
  {
    what: 'a tab',
    texts: ['uplinks:\n\tdsl: 1\n'],
    told: ['c.yaml:2:1: not YAML: Tabs are not allowed as indentation [config-syntax] Indent with blanks.'],
  },
  {
    what: 'an address that ends in a colon',
    texts: ['networks:\n  home:\n    prefix: fd12:3456:789a::\n'],
    told: [
      'c.yaml:3:13: not YAML: Nested mappings are not allowed in compact mappings [config-syntax] Put a value that ends in ":" (an address such as "fd00::") in quotes.',
    ],
  },
  {
    what: 'a key twice',
    texts: ['uplinks:\n  dsl: {}\n  dsl: {}\n'],
    told: [
      'c.yaml:3:3: the key "dsl" stands twice in one map, first in line 2 [config-duplicate] Leave only one of them.',
    ],
  },
  {
    what: 'a key twice in a flow map',
    texts: ['uplinks: { dsl: {}, "dsl": {} }\n'],
    told: [
      'c.yaml:1:21: the key "dsl" stands twice in one map, first in line 1 [config-duplicate] Leave only one of them.',
    ],
  },
  {
    what: 'an alias within its own anchor',
    texts: ['uplinks: &a\n  x: *a\n'],
    told: [
      'c.yaml:2:3: the file nests more than 32 levels deep [config-syntax] Write it out without nesting or repeating by aliases.',
    ],
  },
  {
    what: 'aliases that multiply',
    texts: [
      'a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e]\n',
    ],
    told: [
      'c.yaml:1:24: the file has more than 100000 values [config-syntax] Write it out without nesting or repeating by aliases.',
    ],
  },
  {
    what: 'an alias without anchor',
    texts: ['uplinks: *x\n'],
    told: [
      'c.yaml:1:10: there is no anchor "&x" before this alias [config-syntax] Define the anchor (&name) before the alias (*name), or put the value in quotes.',
    ],
  },
  {
    what: 'a tag',
    texts: ['uplinks: !foo {}\n'],
    told: [
      'c.yaml:1:10: not YAML: Unresolved tag: !foo [config-syntax] Take out the tag (the word that begins with "!").',
    ],
  },
  {
    what: 'YAML 1.1',
    texts: ['%YAML 1.1\n---\nuplinks: {}\n'],
    told: ['c.yaml:1:1: the file asks for YAML 1.1 [config-syntax] Take out the %YAML line: this is 1.2.'],
  },
  {
    what: 'two documents',
    texts: ['uplinks: {}\n---\nnetworks: {}\n'],
    told: [
      'c.yaml:2:1: the file holds more than one YAML document [config-syntax] Put each document into a file of its own in conf.d.',
    ],
  },
  {
    what: 'a huge file',
    texts: ['#'.repeat(1 << 20) + '\n'],
    told: ['c.yaml:1:1: the file has more than 1048576 characters [config-syntax] Take out what is no configuration.'],
  },
  {
    what: 'a map as a key',
    texts: ['? {a: 1}\n: 3\n'],
    told: ['c.yaml:1:3: a key must be a plain word [config-syntax] Write one word before the ":".'],
  },
  {
    what: 'an open quote',
    texts: ['uplinks: "x\n'],
    told: [
      'c.yaml:2:1: not YAML: Missing closing "quote [config-syntax] Close the quote or bracket, or add what is missing.',
    ],
  },
  {
    what: 'broken files among good ones',
    texts: ['uplinks: { dls: {} }\n', 'uplinks: {\n', 'networks: @\n'],
    told: [
      'conf.d/1.yaml:2:1: not YAML: Flow map in block collection must be sufficiently indented and end with a } [config-syntax] Indent the lines that belong together by the same number of blanks, and close what is open.',
      'conf.d/2.yaml:1:11: not YAML: Plain value cannot start with reserved character @ [config-syntax] Put the value in quotes.',
    ],
  },
];

/** What is told about these files: `file:line:col: message [code] mend`. */
function refusals(texts: readonly string[]): string[] {
  const loaded = loadConfig(
    texts.map((text, index) => ({ name: index === 0 ? 'c.yaml' : `conf.d/${index}.yaml`, text })),
  );
  if (loaded.ok) return [];
  return loaded.problem.map((problem) => `${formatConfigProblem(problem)} [${problem.code}] ${problem.mend}`);
}

describe('texts that are no configuration', () => {
  test.each(cases)('$what', ({ texts, told }) => {
    expect(refusals(texts)).toEqual(told);
  });
});
