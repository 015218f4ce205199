import { formatIpv6 } from '../../core/ipv6.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { failoverScriptPath } from './failover-script.ts';
import type { Failover, FailoverLan } from './failover.ts';

/** VRRP on every LAN, all of them together; equal on both routers. */
export function keepalivedConf(failover: Failover, head: readonly string[]): GeneratedFile {
  const { lans, port } = failover;
  return {
    path: '/etc/keepalived/keepalived.conf',
    mode: 0o644,
    text: `${head.join('\n')}

global_defs {
    vrrp_version 3
    # Neighbour advertisements go out at once, and after this time once more.
    vrrp_garp_master_delay 1
    # Where it does not get to run in time, it takes precedence by itself.
    max_auto_priority 50
    enable_script_security
    script_user root
}

# One for all: whoever loses a LAN or the port to the provider leaves everything to the other one.
vrrp_sync_group sixgate {
    group {
${lans.map((lan) => `        ${instanceOf(lan)}`).join('\n')}
    }
    track_interface {
        ${port}
    }
    notify_master "${failoverScriptPath} active"
    notify_backup "${failoverScriptPath} passive"
    notify_fault "${failoverScriptPath} fault"
    notify_stop "${failoverScriptPath} stop"
}
${lans.map((lan) => `\n${compileInstance(failover, lan)}`).join('')}`,
  };
}

function compileInstance({ vrid, priority, advertInterval, linkLocal }: Failover, lan: FailoverLan): string {
  return `vrrp_instance ${instanceOf(lan)} {
    interface ${lan.interface}
    virtual_router_id ${vrid}
    # Both begin as the passive one with the same priority: who is active stays active when the other one comes back, and
    # where both think they are, the higher link-local address stays.
    state BACKUP
    nopreempt
    priority ${priority}
    advert_int ${advertInterval / 1000}
    virtual_ipaddress {
        ${formatIpv6(linkLocal)}/64
${lan.addresses.map(({ address, length }) => `        ${formatIpv6(address)}/${length}`).join('\n')}
    }
}
`;
}

function instanceOf(lan: FailoverLan): string {
  return `sixgate-${lan.interface}`;
}
