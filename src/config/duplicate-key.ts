import type { Problem } from '../core/problem.ts';
import { quote } from '../core/quote.ts';
import { formatPlaceFrom, type Place } from './place.ts';

/** A key that stood before in the same map. */
export function duplicateKey(key: string, keyPlace: Place, first: Place): Problem & { readonly mend: string } {
  return {
    code: 'config-duplicate',
    message: `the key ${quote(key)} stands twice in one map, first in ${formatPlaceFrom(keyPlace, first)}`,
    mend: 'Leave only one of them.',
  };
}
