import type { Problem } from '../../core/problem.ts';
import { fail, succeed } from '../../core/result.ts';
import { tunnelAdvice } from '../advice/tunnel-advice.ts';
import type { Generated } from '../generated.ts';
import type { GeneratedFile } from '../generated-file.ts';
import type { NameKey } from '../intent/intent-fields.ts';
import type { IfupdownFlavour } from './ifupdown.ts';
import { iptablesFilter } from './iptables-filter.ts';
import { keepaliveFiles } from './keepalive-files.ts';
import { advertisementFiles, forwardingFile } from './lan-files.ts';
import { nftablesFilter } from './nftables-filter.ts';
import { openwrtDevice } from './openwrt.ts';
import { readTunnel } from './read-tunnel.ts';
import { refuseTarget } from './refuse-target.ts';
import { tunnelTargets, type TunnelTarget } from './tunnel-targets.ts';
import type { Tunnel, TunnelKind } from './tunnel.ts';

export interface TunnelRequest {
  readonly kind: TunnelKind;
  readonly target: TunnelTarget;
  readonly flavour?: IfupdownFlavour;
  /** Default: the keys as they are. */
  readonly nameKey?: NameKey;
}

/** All files that a tunnel needs on its host, from the JSON of an intent. */
export function generateTunnel(intent: unknown, { kind, target, flavour, nameKey }: TunnelRequest): Generated {
  const name: NameKey = nameKey ?? ((key) => key);
  const read = readTunnel(kind, intent, name);
  if (!read.ok) return read;
  const tunnel = withoutNeedless(read.value, target);
  const refused = refuseTarget(read.value, target, name);
  if (flavour !== undefined && target !== 'ifupdown') {
    refused.push({ code: 'intent-value', message: `${name('flavour')}: only ifupdown has flavours` });
  }
  if (refused.length > 0) return fail(refused);
  const files = [
    ...tunnelTargets[target](tunnel, flavour),
    ...filterFiles(tunnel, target),
    // netifd does both by itself.
    ...(tunnel.lans.length > 0 && target !== 'openwrt' ? [forwardingFile(tunnel), ...advertisementFiles(tunnel)] : []),
    ...keepaliveFiles(tunnel),
  ];
  return succeed({ files, warnings: warningsOf(tunnel), advice: tunnelAdvice(tunnel) });
}

/** OpenWrt's odhcpd advertises; nothing else has to. */
function withoutNeedless(tunnel: Tunnel, target: TunnelTarget): Tunnel {
  return target === 'openwrt' ? { ...tunnel, advertise: 'none' } : tunnel;
}

function filterFiles(tunnel: Tunnel, target: TunnelTarget): GeneratedFile[] {
  switch (tunnel.filter) {
    case 'nftables':
      return [nftablesFilter(tunnel, target === 'openwrt' ? openwrtDevice(tunnel) : tunnel.name)];
    case 'iptables':
      return iptablesFilter(tunnel);
    case 'none':
      return [];
  }
}

function warningsOf(tunnel: Tunnel): Problem[] {
  return [
    ...(tunnel.example
      ? [
          {
            code: 'example-address' as const,
            message:
              'these addresses are for documentation (RFC 5737, RFC 3849): the files are an example and work nowhere',
            mend: 'Give your own addresses before you use them.',
          },
        ]
      : []),
    ...(tunnel.mtu > 1480
      ? [
          {
            code: 'tunnel-mtu' as const,
            message: `an MTU of ${tunnel.mtu} needs IPv4 paths that carry ${tunnel.mtu + 20} bytes; Ethernet carries 1500`,
            mend: 'Take 1480 on Ethernet, 1472 with PPPoE, or leave it out for 1280, which always works.',
          },
        ]
      : []),
  ];
}
