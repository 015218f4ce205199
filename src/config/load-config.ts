import { fail, type Result } from '../core/result.ts';
import { compareConfigProblems, type ConfigProblem } from './config-problem.ts';
import { judgeNodes, type ConfigProblems, type LoadedConfig } from './judge-nodes.ts';
import type { Node } from './node.ts';
import { readYaml, type ConfigSource } from './read-yaml.ts';

/**
 * Reads the main file and what is merged after it, in this order. Where one of them is not YAML, only such problems are
 * told, since the rest would be consequences of what could not be read.
 */
export function loadConfig(sources: readonly ConfigSource[]): Result<LoadedConfig, ConfigProblems> {
  const files = sources.map(({ name }) => name);
  const problems: ConfigProblem[] = [];
  const nodes: Node[] = [];
  for (const source of sources) {
    const read = readYaml(source);
    problems.push(...read.problems);
    if (read.node) nodes.push(read.node);
  }
  if (problems.length > 0) return fail(problems.sort(compareConfigProblems(files)));
  return judgeNodes(nodes, files);
}
