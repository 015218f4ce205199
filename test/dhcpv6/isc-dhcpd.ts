import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { unpackedPackages } from '../verify/unpacked-packages.ts';

/** Undefined where apt-get cannot fetch it. */
export const iscDhcpd = unpackedPackages('isc-dhcp-server', ['isc-dhcp-server']);

/** Starts ISC dhcpd in the place of the provider's server, with the two /58 of the lab's first site. */
export async function startIscDhcpd(lab: Lab): Promise<LabProcess> {
  const { directory } = lab.shell('provider');
  const [config, leases] = [join(directory, 'dhcpd6.conf'), join(directory, 'dhcpd6.leases')];
  writeFileSync(leases, '');
  writeFileSync(
    config,
    `default-lease-time 20;
option dhcp6.rapid-commit;
subnet6 2001:db8:a:aa00::/64 {
  prefix6 2001:db8:a:aa80:: 2001:db8:a:aac0:: /58;
}
`,
  );
  const files = ['-cf', config, '-lf', leases, '-pf', join(directory, 'dhcpd6.pid')];
  const server = lab.spawn('provider', [`${iscDhcpd}/usr/sbin/dhcpd`, '-6', '-f', '-d', ...files, 'brwan'], {
    label: 'isc-dhcpd',
  });
  await waitUntil(`dhcpd's start (${server.logFile})`, () => server.log().includes('Server starting service'));
  return server;
}
