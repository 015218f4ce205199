import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { readReport } from '../translate/following.ts';
import { dibbler, startDibbler } from './dibbler.ts';
import { iscDhcpd, startIscDhcpd } from './isc-dhcpd.ts';
import { heldPrefixes, ownConfig, problemCodes, startOwnClient, waitForPrefix } from './own-client.ts';

// Real servers of other hands than Kea, out of Debian's packages, unpacked and not installed.

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.start({ name: 'dhcpv6o' });
  await lab.provider.stopKea();
  await lab.provider.stopAdvertising();
});
afterEach(async () => lab?.stop());

const first = '2001:db8:a:aa80::/58';
const second = '2001:db8:b:bb80::/58';

describe.skipIf(dibbler === undefined)('Dibbler', () => {
  test('two messages; the Reconfigure that it sends without a key is refused', async () => {
    const server = await startDibbler(lab, '2001:db8:a:aa80::/57');
    const daemon = await startOwnClient(lab);
    expect(heldPrefixes(lab)).toEqual([first]);
    await server.stop();
    // It gives a key with the answer to a Request only.
    await startDibbler(lab, '2001:db8:b:bb80::/57');
    await waitUntil('the refusal', () => daemon.log().includes('a Reconfigure message is refused: there is no key'));
    expect(heldPrefixes(lab)).toEqual([first]);
  });

  test('four messages; renumbered, it sends a Reconfigure with the key that it gave: another prefix at once', async () => {
    const server = await startDibbler(lab, '2001:db8:a:aa80::/57');
    await startOwnClient(lab, ownConfig('rapidCommit: false, firstOffer: true'));
    expect(heldPrefixes(lab)).toEqual([first]);
    await server.stop();
    await startDibbler(lab, '2001:db8:b:bb80::/57');
    await waitForPrefix(lab, second);
    expect(problemCodes(lab)).toEqual([]);
  });
});

describe.skipIf(iscDhcpd === undefined)('ISC dhcpd', () => {
  test.each([
    ['two messages', ''],
    ['four messages', 'rapidCommit: false, firstOffer: true'],
  ])('%s, then renewed', async (_what, options) => {
    const server = await startIscDhcpd(lab);
    await startOwnClient(lab, ownConfig(options));
    const until = (): number => Date.parse(readReport(lab)!.uplinks[0]!.delegations[0]!.validUntil!);
    const [held, before] = [heldPrefixes(lab), until()];
    expect(held).toHaveLength(1);
    expect(held[0]).toMatch(/^2001:db8:a:aa[8c]0::\/58$/);
    await waitUntil('a renewal', () => until() > before + 1000, { timeout: 20_000 });
    expect(heldPrefixes(lab)).toEqual(held);
    expect(server.log()).toContain('Renew message from');
    await sleep(100);
    expect(problemCodes(lab)).toEqual([]);
  });
});
