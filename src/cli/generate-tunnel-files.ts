import { generateTunnel, type TunnelRequest } from '../generate/tunnel/generate-tunnel.ts';
import type { IfupdownFlavour } from '../generate/tunnel/ifupdown.ts';
import { tunnelKeys } from '../generate/tunnel/read-tunnel.ts';
import { deliverGenerated, optionName, readIntent, type IntentOptions } from './generate-intent.ts';
import { printProblem } from './print-problem.ts';

export async function generateTunnelFiles(
  kind: TunnelRequest['kind'],
  options: IntentOptions & { readonly for: TunnelRequest['target']; readonly flavour?: IfupdownFlavour },
): Promise<number> {
  const intent = await readIntent({ ...options }, tunnelKeys[kind]);
  if (!intent.ok) return printProblem(intent.problem);
  const { for: target, flavour } = options;
  const nameKey = options.intent === undefined ? { nameKey: optionName } : {};
  const request = { kind, target, ...(flavour !== undefined && { flavour }), ...nameKey };
  return deliverGenerated(generateTunnel(intent.value, request), options);
}
