import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildSixgate, executable, Machine } from './machine.ts';
import { waitUntil } from '../lab/wait-until.ts';

/** Planted where a secret can be; none of them may come out. */
const secrets = {
  password: 'pl4nted-passw0rd',
  tsig: 'pl4ntedTsigSecretQUJDREVGR0hJSktM==',
  token: 'pl4ntedTokenOfServe-0123456789abcdefghijkl',
  inUrl: 'pl4nted-in-url',
  inQuery: 'pl4nted-in-query',
  inPath: 'pl4ntedInPath1234567890',
  comment: 'pl4nted-comment',
  confd: 'pl4nted-confd',
  log: 'pl4nted-in-log',
};

let machine: Machine;
beforeAll(async () => {
  buildSixgate();
  machine = await Machine.start(`
for name in eth0 eth1; do ip link add $name type veth peer name p$name; ip link set $name up; ip link set p$name up; done
ip link set eth0 down address 52:54:00:ab:cd:ef; ip link set eth0 up
ip -6 address add 2a02:810:77::1/64 dev eth0 nodad`);
  machine.sh(`mkdir -p /etc/sixgate/conf.d /run/sixgate /var/lib/sixgate
echo '${secrets.password}' > /etc/sixgate/dyn.password
printf 'key "ddns" {\\n\\talgorithm hmac-sha256;\\n\\tsecret "${secrets.tsig}";\\n};\\n' > /etc/sixgate/dns.key
echo '${secrets.token}' > /etc/sixgate/token
chmod 600 /etc/sixgate/dyn.password /etc/sixgate/dns.key /etc/sixgate/token
cat > /etc/sixgate/config.yaml <<'END'
# the old one was ${secrets.comment}
uplinks: { dsl: { interface: eth0, prefix: { from: hook } } }
networks: { home: { prefix: "fd12:3456:789a::/58", subnets: { lan: { id: 0, interface: eth1 } } } }
translate: [ { network: home, uplink: dsl } ]
dns:
  dyn:
    via: http
    url: "http://[::1]:9/${secrets.inPath}/update?pw=${secrets.inQuery}&ip={address}"  # ${secrets.comment}
    passwordFile: /etc/sixgate/dyn.password
    user: me
    hosts: [ { host: "lan::10", name: nas.example.com } ]
END
cat > /etc/sixgate/conf.d/ns.yaml <<'END'
dns:
  ours: { via: nsupdate, server: "::1", keyFile: /etc/sixgate/dns.key, hosts: [ { host: "lan::10", name: nas.example.org } ] }
# password: ${secrets.confd}
END
cat > /run/log <<'END'
the provider said: bad password=${secrets.log}; GET /login#${secrets.token} failed; key was ${secrets.tsig}, https://me:${secrets.inUrl}@example.com/
END`);
});
afterAll(() => machine?.stop());

test('it has what a report needs, and no secret that was planted', async () => {
  const daemon = machine.start(['sh', '-c', `exec ${executable} run 2>> /run/log`]);
  await waitUntil('it runs', () => machine.run(['test', '-s', '/run/sixgate/state.json']).code === 0);
  machine.sh(`${executable} event --uplink dsl --prefix 2a02:810:a:aa80::/58 --preferred 1800 --valid 3600`);
  await waitUntil('the update failed', () => machine.sh('cat /run/sixgate/state.json').includes('dns-failed'), {
    timeout: 15_000,
  });
  const plain = machine.sixgate('report', '--log', '/run/log');
  const pseudonyms = machine.sixgate('report', '--log', '/run/log', '--pseudonyms');
  const json = JSON.parse(machine.sixgate('report', '--log', '/run/log', '--json').stdout);
  machine.sixgate('report', '--log', '/run/log', '--out', '/run/report');
  daemon.child.kill('SIGTERM');
  await daemon.ended;

  expect(plain.code, plain.stderr).toBe(0);
  for (const text of [
    '==> sixgate\n0.1.0, Node v',
    'nftables v',
    'interface: eth0',
    '"schemaVersion": 1',
    'passwordFile: /etc/sixgate/dyn.password',
    '2a02:810:a:aa80::/58',
    'table ip6 sixgate {',
    'sixgate_held_',
    'eth0: forwarding=',
    'daemon',
    'the provider said',
  ]) {
    expect(plain.stdout).toContain(text);
  }
  expect(machine.sh('cat /run/log')).toContain(secrets.log);
  for (const [where, secret] of Object.entries(secrets)) {
    expect({ where, found: plain.stdout.includes(secret) }).toEqual({ where, found: false });
    expect({ where, found: JSON.stringify(json).includes(secret) }).toEqual({ where, found: false });
  }
  expect(machine.sh('stat -c %a /run/report')).toBe('600\n');

  for (const own of ['2a02:810', '52:54:00:ab:cd:ef', '5054:ff:feab:cdef', 'fd12:3456:789a']) {
    expect(plain.stdout).toContain(own);
    expect({ own, found: pseudonyms.stdout.toLowerCase().includes(own) }).toEqual({ own, found: false });
  }
  // The mapping still makes sense: the same prefix in the rules as in the state.
  const outside = /in_dsl[^}]*?(2001:db8:\d+:aa80::\/58) : fd00:0:1::\/58/.exec(pseudonyms.stdout)?.[1];
  expect(outside).toBeDefined();
  expect(pseudonyms.stdout).toContain(`"${outside}"`);
});

test('a machine on which nothing works gets one all the same', () => {
  machine.sh('echo "uplinks: [" > /etc/sixgate/config.yaml');
  const { code, stdout } = machine.run([
    'sh',
    '-c',
    `PATH=$(dirname $(command -v node)):/nowhere ${executable} report`,
  ]);
  expect(code).toBe(0);
  expect(stdout).toContain('/etc/sixgate/config.yaml:');
  expect(stdout).toContain('nft is not installed');
  expect(machine.sixgate('report', '--lines', 'all')).toMatchObject({ code: 2 });
});
