import type { NameKey } from '../../generate/intent/intent-fields.ts';
import { generateTunnel } from '../../generate/tunnel/generate-tunnel.ts';
import type { IfupdownFlavour } from '../../generate/tunnel/ifupdown.ts';
import type { TunnelTarget } from '../../generate/tunnel/tunnel-targets.ts';
import type { TunnelKind } from '../../generate/tunnel/tunnel.ts';
import type { Generated } from '../../generate/generated.ts';
import type { Intent } from '../form/intent.ts';
import { textOf, type Values } from '../form/values.ts';

/** The generator of a kind of tunnel, with the ifupdown that the form names. */
export function tunnelGenerator(kind: TunnelKind) {
  return (intent: Intent, target: string, nameKey: NameKey, values: Values): Generated => {
    const flavour = textOf(values, 'flavour');
    return generateTunnel(intent, {
      kind,
      target: target as TunnelTarget,
      nameKey,
      ...(flavour !== '' && { flavour: flavour as IfupdownFlavour }),
    });
  };
}
