import { formatIpv6 } from '../../core/ipv6.ts';
import { commandLine } from '../advice/wrap-text.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { formatIni } from '../syntax/ini.ts';
import { describeBeside } from './describe-tunnel.ts';
import type { Tunnel } from './tunnel.ts';

/** A timer that pings the other end, so that a gateway that only masquerades keeps its entry (600 s without packets). */
export function keepaliveFiles(tunnel: Tunnel): GeneratedFile[] {
  const { name, keepalive, gateway } = tunnel;
  if (keepalive === undefined || gateway === undefined) return [];
  const unit = `sixgate-keepalive-${name}`;
  const service = formatIni([
    {
      name: 'Unit',
      entries: [
        ['Description', `Ping through ${name} to keep the way back open`],
        ['After', 'network-online.target'],
      ],
    },
    {
      name: 'Service',
      entries: [
        ['Type', 'oneshot'],
        ['ExecStart', `/usr/bin/ping -6 -n -q -c 1 -W 5 -I ${name} ${formatIpv6(gateway)}`],
        // An answer is not the point; the packet that went out is.
        ['SuccessExitStatus', '1'],
        ['DynamicUser', 'yes'],
        ['AmbientCapabilities', 'CAP_NET_RAW'],
        ['CapabilityBoundingSet', 'CAP_NET_RAW'],
      ],
    },
  ]);
  const timer = formatIni([
    { name: 'Unit', entries: [['Description', `Keep the way back to ${name} open`]] },
    {
      name: 'Timer',
      entries: [
        ['OnActiveSec', '1s'],
        ['OnUnitActiveSec', `${keepalive}s`],
        ['AccuracySec', '1s'],
      ],
    },
    { name: 'Install', entries: [['WantedBy', 'timers.target']] },
  ]);
  const how = ['Now:', commandLine(`systemctl daemon-reload && systemctl enable --now ${unit}.timer`)];
  return [
    {
      path: `/etc/systemd/system/${unit}.service`,
      mode: 0o644,
      text: `${describeBeside(tunnel, 'Keepalive', how).join('\n')}\n\n${service}`,
    },
    { path: `/etc/systemd/system/${unit}.timer`, mode: 0o644, text: timer },
  ];
}
