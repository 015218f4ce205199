import { existsSync, readFileSync } from 'node:fs';
import { describe } from 'vitest';
import { livesBeside, type Firewall } from './lives-beside.ts';
import { releases, type Stage } from './stage.ts';

/** As in Debian's example for a workstation, with a forward chain that lets out only what it is told. */
const conf = `#!/usr/sbin/nft -f
flush ruleset
table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		iif lo accept
		icmpv6 type { nd-router-advert, nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept
		ip6 saddr fe80::/10 udp dport 546 accept
		iifname { "eth1", "eth2" } accept
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
		iifname { "eth1", "eth2" } accept
		iifname "eth0" ct status dnat accept
	}
}
`;

/** What systemd would run for the unit as the package has it. */
async function runUnit({ tree, lab, shell }: Stage, word: 'ExecStart' | 'ExecReload' | 'ExecStop'): Promise<void> {
  // Without a link from /lib to /usr/lib in the tree.
  const places = ['/usr/lib', '/lib'].map((folder) => `/run/tree/root${folder}/systemd/system/nftables.service`);
  const unit = places.map((place) => lab.shell('router').inside(place)).find((place) => existsSync(place));
  const file = unit === undefined ? '' : readFileSync(unit, 'utf8');
  const command = new RegExp(`^${word}=(.+)$`, 'm').exec(file)?.[1];
  if (command === undefined) throw new Error(`nftables.service has no ${word}`);
  tree.write('/etc/nftables.conf', conf);
  await shell(command);
}

const service: Firewall = {
  lab: 'nfts',
  start: (stage) => runUnit(stage, 'ExecStart'),
  reload: (stage) => runUnit(stage, 'ExecReload'),
  stop: (stage) => runUnit(stage, 'ExecStop'),
  obstacles: [],
};

describe.each(releases)('nftables.service of %s', (release) => {
  livesBeside(service, release);
});
