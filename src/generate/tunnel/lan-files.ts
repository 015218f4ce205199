import { formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix } from '../../core/prefix.ts';
import { commandLine } from '../advice/wrap-text.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { describeBeside } from './describe-tunnel.ts';
import { allSites } from './martian-prefixes.ts';
import type { Tunnel } from './tunnel.ts';

/** Router advertisements by a program of its own; networkd has them in its .network files. */
export function advertisementFiles(tunnel: Tunnel): GeneratedFile[] {
  if (tunnel.advertise === 'radvd') return [radvdFile(tunnel)];
  if (tunnel.advertise === 'dnsmasq') return [dnsmasqFile(tunnel)];
  return [];
}

/*
 * Without a way to the whole Internet this router is of low preference, so that another one on the LAN is taken for all but
 * the neighbours, which have a route of their own (RFC 4191). It is not left out: many hosts know no such routes.
 */

function radvdFile(tunnel: Tunnel): GeneratedFile {
  const blocks = tunnel.lans.map(
    (lan) => `interface ${lan.interface} {
	AdvSendAdvert on;
	IgnoreIfMissing on;
	AdvLinkMTU ${tunnel.mtu};
${tunnel.gateway === undefined ? `	AdvDefaultPreference low;\n` : ''}\
	prefix ${formatPrefix(lan.prefix)} {
	};
${tunnel.gateway === undefined ? `	route ${formatPrefix(allSites)} {\n	};\n` : ''}\
};
`,
  );
  const how = [
    'radvd has one file only: if there is one already, put these blocks into it. Now:',
    commandLine('systemctl restart radvd'),
  ];
  return {
    path: '/etc/radvd.conf',
    mode: 0o644,
    text: `${describeBeside(tunnel, 'Router advertisements', how).join('\n')}\n\n${blocks.join('\n')}`,
  };
}

function dnsmasqFile(tunnel: Tunnel): GeneratedFile {
  const preference = tunnel.gateway === undefined ? 'low,' : '';
  const lines = tunnel.lans.flatMap((lan) => [
    `interface=${lan.interface}`,
    `dhcp-range=${formatIpv6(lan.prefix.address)},ra-only,64`,
    `ra-param=${lan.interface},mtu:${tunnel.mtu},${preference}600`,
  ]);
  const how = ['It is also a name server: port=0 turns that off. Now:', commandLine('systemctl restart dnsmasq')];
  return {
    path: `/etc/dnsmasq.d/sixgate-${tunnel.name}.conf`,
    mode: 0o644,
    text: `${describeBeside(tunnel, 'Router advertisements', how).join('\n')}\n\nenable-ra\n${lines.join('\n')}\n`,
  };
}

/** Forwarding, for a host that is a router now. */
export function forwardingFile(tunnel: Tunnel): GeneratedFile {
  const how = [
    'With forwarding on, Linux ignores router advertisements: an interface that gets its own addresses by them needs ' +
      'net.ipv6.conf.INTERFACE.accept_ra=2. Now:',
    commandLine('sysctl --system'),
  ];
  return {
    path: `/etc/sysctl.d/60-sixgate-${tunnel.name}.conf`,
    mode: 0o644,
    text: `${describeBeside(tunnel, 'Forwarding', how).join('\n')}\n\nnet.ipv6.conf.all.forwarding = 1\n`,
  };
}
