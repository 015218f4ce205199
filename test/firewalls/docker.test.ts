import { describe } from 'vitest';
import { livesBeside, type Firewall } from './lives-beside.ts';
import type { Stage } from './stage.ts';

/**
 * What Docker Engine 28 puts into ip6tables for a network with IPv6 and a container with a published port. The chains and their order
 * are those that moby writes down for iptables in integration/network/bridge/iptablesdoc (new-daemon, usernet-portmap); those of
 * ip6tables are the same but for addresses. Where the engine turned on forwarding itself it sets FORWARD to DROP
 * (docs.docker.com, packet filtering and firewalls).
 */
const rules = `*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d fd00:d0c::2/128 ! -i docker0 -j DROP
COMMIT
*nat
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d ::1/128 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s fd00:d0c::/64 ! -o docker0 -j MASQUERADE
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination [fd00:d0c::2]:80
COMMIT
*filter
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-BRIDGE - [0:0]
:DOCKER-CT - [0:0]
:DOCKER-FORWARD - [0:0]
:DOCKER-INTERNAL - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER -d fd00:d0c::2/128 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER ! -i docker0 -o docker0 -j DROP
-A DOCKER-BRIDGE -o docker0 -j DOCKER
-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-INTERNAL
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i docker0 -j ACCEPT
COMMIT
`;

/** A start takes away what an earlier one left, but for the chain that is the admin's; an end leaves all. */
const clear = `
ip6tables -N DOCKER-USER 2>/dev/null || :
ip6tables -D FORWARD -j DOCKER-USER 2>/dev/null || :
ip6tables -D FORWARD -j DOCKER-FORWARD 2>/dev/null || :
ip6tables -t raw -F PREROUTING
for rule in 'PREROUTING -m addrtype --dst-type LOCAL' 'OUTPUT ! -d ::1/128 -m addrtype --dst-type LOCAL'; do
  ip6tables -t nat -D $rule -j DOCKER 2>/dev/null || :
done
ip6tables -t nat -D POSTROUTING -s fd00:d0c::/64 ! -o docker0 -j MASQUERADE 2>/dev/null || :
`;

async function start({ tree, shell }: Stage): Promise<void> {
  tree.write('/tmp/docker.rules', rules);
  await shell(`${clear}\nip6tables-restore --noflush < /tmp/docker.rules`);
}

const docker: Firewall = {
  lab: 'docker',
  start,
  reload: start,
  async stop() {},
  obstacles: ['firewall-icmpv6', 'firewall-forward:lan', 'firewall-forward:servers', 'firewall-pinholes:dsl'],
};

describe('Docker', () => {
  livesBeside(docker, 'bookworm');
});
