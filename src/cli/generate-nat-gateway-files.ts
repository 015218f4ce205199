import { generateNatGateway, type NatGatewayTarget } from '../generate/nat-gateway/generate-nat-gateway.ts';
import { natGatewayKeys } from '../generate/nat-gateway/nat-gateway.ts';
import { deliverGenerated, optionName, readIntent, type IntentOptions } from './generate-intent.ts';
import { printProblem } from './print-problem.ts';

export async function generateNatGatewayFiles(
  options: IntentOptions & { readonly for: NatGatewayTarget },
): Promise<number> {
  const intent = await readIntent({ ...options }, natGatewayKeys);
  if (!intent.ok) return printProblem(intent.problem);
  const nameKey = options.intent === undefined ? optionName : undefined;
  return deliverGenerated(generateNatGateway(intent.value, options.for, nameKey), options);
}
