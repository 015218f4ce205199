import { generateXenGuest, type XenGuestTarget } from '../generate/xen-guest/generate-xen-guest.ts';
import { xenGuestKeys } from '../generate/xen-guest/read-xen-guest.ts';
import { deliverGenerated, optionName, readIntent, type IntentOptions } from './generate-intent.ts';
import { printProblem } from './print-problem.ts';

export async function generateXenGuestFiles(
  options: IntentOptions & { readonly for: XenGuestTarget },
): Promise<number> {
  const intent = await readIntent({ ...options }, xenGuestKeys);
  if (!intent.ok) return printProblem(intent.problem);
  const nameKey = options.intent === undefined ? optionName : undefined;
  return deliverGenerated(generateXenGuest(intent.value, options.for, nameKey), options);
}
