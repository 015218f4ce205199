import { quote } from '../../core/quote.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import type { Intent } from '../form/intent.ts';
import type { Values } from '../form/values.ts';
import type { Kind } from '../kinds/kind.ts';
import { menu } from '../kinds/menu.ts';
import { loadKind } from './load-kind.ts';
import { reasonOf } from '../../core/printable.ts';

/** An intent from a file; without a `kind` of its own it is for the one that is shown. Nothing is taken over by halves. */
export async function readIntentText(
  text: string,
  shown: Kind,
): Promise<Result<{ kind: Kind; values: Values }, string>> {
  let intent: unknown;
  try {
    intent = JSON.parse(text);
  } catch (error) {
    return fail(`this is not JSON: ${reasonOf(error)}`);
  }
  if (typeof intent !== 'object' || intent === null || Array.isArray(intent)) return fail('this holds no JSON object');
  const named = (intent as Intent)['kind'] ?? shown.name;
  if (typeof named !== 'string' || !menu.some(({ name }) => name === named)) {
    return fail(`there is no kind ${quote(JSON.stringify(named))}`);
  }
  const kind = await loadKind(named);
  const { values, lost } = kind.fromIntent(intent as Intent);
  if (lost.length > 0) return fail(`the form has no place for ${lost.join(', ')}`);
  return succeed({ kind, values });
}
