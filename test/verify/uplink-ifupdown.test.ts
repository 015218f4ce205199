import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseInterfaceName } from '../../src/core/interface-name.ts';
import { ifupdownUplink } from '../../src/generate/uplink/ifupdown-uplink.ts';
import { ifupProgram } from './ifup.ts';

test.skipIf(ifupProgram === undefined)('ifup takes the stanza, and it does what it says', () => {
  const name = parseInterfaceName('eth0.7');
  if (!name.ok) throw new Error(name.problem.message);
  const [stanza] = ifupdownUplink({
    interface: name.value,
    length: 58,
    eventsDirectory: '/x',
    dhcpcdVersion: [9, 4, 1],
  });
  const directory = mkdtempSync(join(tmpdir(), 'sixgate-ifup-'));
  try {
    const file = join(directory, 'interfaces');
    writeFileSync(file, stanza!.text);
    const done = spawnSync(ifupProgram!, ['--no-act', '-v', '-i', file, '--state-dir', directory, 'eth0.7'], {
      encoding: 'utf8',
    });
    const said = done.stdout + done.stderr;
    expect(said).toContain('net.ipv6.conf.eth0/7.accept_ra=2');
    expect(said).toMatch(/use_tempaddr=0/);
    expect(said).not.toMatch(/dhclient|dhcpcd|unknown/i);
    expect(done.status).toBe(0);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
