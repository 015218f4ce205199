/** UDP sockets of DHCPv6 clients in this network namespace, as `ss` arguments. */
export const listDhcpClients = ['ss', '-H', '-u', '-l', '-n', '-p', 'sport = 546'] as const;

export interface UdpSocket {
  readonly interface?: string;
  /** Empty where the asker may not know. */
  readonly processes: readonly { readonly name: string; readonly pid: number }[];
}

/**
 * Reads lines as these:
 *
 *     UNCONN 0 0 *:546 *:* users:(("dhcpcd",pid=21332,fd=6))
 *     UNCONN 0 0 [fe80::1]%eth0:546 [::]:* users:(("systemd-network",pid=300,fd=20))
 */
export function parseSockets(text: string): UdpSocket[] {
  return text.split('\n').flatMap((line) => {
    const [, , , local] = line.trim().split(/\s+/);
    if (local === undefined) return [];
    const device = /%([^\s]+):\d+$/.exec(local)?.[1];
    const processes = [...line.matchAll(/\("((?:[^"\\]|\\.)*)",pid=(\d+)/g)].map(([, name, pid]) => ({
      name: name!,
      pid: Number(pid),
    }));
    return [{ ...(device !== undefined && { interface: device }), processes }];
  });
}
