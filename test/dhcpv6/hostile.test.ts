import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { bundleProgram } from '../lab/bundle.ts';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { readReport, startGuarded } from '../translate/following.ts';
import { heldPrefixes, ownConfig, problemCodes, startOwnClient, waitForPrefix } from './own-client.ts';
import type { ServerJob } from './server/job.ts';

// A server of our own in Kea's place: what Kea cannot be made to say, on the wire.

let lab: Lab;
afterEach(async () => lab?.stop());

const key = '000102030405060708090a0b0c0d0e0f';
const first = '2001:db8:a:aa80::/58';
const second = '2001:db8:a:aac0::/58';

interface Server {
  readonly process: LabProcess;
  /** Types of the messages that it heard. */
  readonly heard: string[];
}

async function startServer(job: Partial<ServerJob> = {}): Promise<Server> {
  await lab.provider.stopKea();
  const program = bundleProgram(lab.directory, 'dhcpv6-server', 'test/dhcpv6/server/main.ts');
  const whole: ServerJob = { link: 'brwan', prefix: first, valid: 3600, ...job };
  const heard: string[] = [];
  let ready = false;
  const process_ = lab.spawn('provider', [process.execPath, program, JSON.stringify(whole)], {
    label: 'dhcpv6-server',
    onLine(line) {
      if (line === 'ready') ready = true;
      else heard.push(line);
    },
  });
  await waitUntil(`the server (${process_.log()})`, () => ready);
  return { process: process_, heard };
}

test('Reconfigure: with the key of the server the client renews at once; whatever else comes is refused', async () => {
  lab = await Lab.start({ name: 'dhcpv6h' });
  await lab.provider.stopAdvertising();
  const before = await startServer({ key });
  const daemon = await startOwnClient(lab);
  expect(before.heard).toEqual(['solicit']);
  before.process.signal('SIGUSR1');
  await waitUntil('the refusals', () =>
    daemon.log().includes('a DHCPv6 message is refused: an option goes over its end'),
  );
  await sleep(300);
  expect(before.heard).toEqual(['solicit']);
  for (const why of [
    'it is not authenticated',
    'its digest is wrong',
    'it is from a server that gave no key',
    'it is a replay',
  ]) {
    expect(daemon.log()).toContain(`a Reconfigure message is refused: ${why}`);
  }
  before.process.signal('SIGHUP');
  await waitUntil('a Renew', () => before.heard.length === 2);
  expect(before.heard).toEqual(['solicit', 'renew']);
  expect(heldPrefixes(lab)).toEqual([first]);
});

test('a server that sends everything wrong first, and 2000 messages for others: the right one counts, nothing else', async () => {
  lab = await Lab.start({ name: 'dhcpv6h' });
  await lab.provider.stopAdvertising();
  const server = await startServer({ hostile: true });
  const daemon = await startGuarded(lab, ownConfig());
  await waitForPrefix(lab, first, 20_000);
  await sleep(500);
  expect(heldPrefixes(lab)).toEqual([first]);
  expect(problemCodes(lab).filter((code) => code !== 'delegation-refused')).toEqual([]);
  expect(server.heard.length).toBeLessThan(20);
  expect(
    daemon
      .log()
      .split('\n')
      .filter((line) => line.includes('refused')).length,
  ).toBeLessThan(30);
  // A terminal must not get what a stranger sends.
  expect(daemon.log()).not.toContain('\u001B');
  await server.process.stop();
  const other = await startServer({ hostile: true, prefix: second });
  daemon.signal('SIGHUP');
  await waitForPrefix(lab, second, 20_000);
  expect(heldPrefixes(lab)).toEqual([second]);
  expect(other.heard[0]).toBe('rebind');
  expect(readReport(lab)!.daemon.guardHeld).toBe(true);
});
