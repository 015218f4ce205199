import type { XenPolicy } from '../engine/xen/xen-config.ts';
import type { Node } from './node.ts';
import { readYaml, type ConfigSource } from './read-yaml.ts';

/**
 * The policy in a configuration that may be wrong everywhere else, since it says what becomes of exactly that. The last
 * file counts; undefined where no file that is YAML says it.
 */
export function findXenPolicy(sources: readonly ConfigSource[]): XenPolicy | undefined {
  return sources
    .map((source) => {
      const policy = at(at(readYaml(source).node, 'xen'), 'policy');
      const value = policy?.kind === 'scalar' ? policy.value : undefined;
      return value === 'fail' || value === 'warn' ? value : undefined;
    })
    .findLast((policy) => policy !== undefined);
}

function at(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.node : undefined;
}
