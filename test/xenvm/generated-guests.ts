import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { xenGuestCases } from '../../src/testing/xen-guest-cases.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { runChecked } from '../lab/run-command.ts';
import { guestCases, type GuestCase } from './dom0/guest-cases.ts';

/**
 * By the command line, as a user would: under NAME/files what goes into the guest, under NAME/dom0 Dom0's configuration, and in
 * NAME/vifs the lines for xl.cfg. `strange` has the lines of all cases of the unit tests.
 */
export async function writeGuests(directory: string): Promise<void> {
  await Promise.all(
    Object.entries<GuestCase>(guestCases).map(async ([name, { target, vifs, configured }]) => {
      const own = join(directory, name);
      mkdirSync(own, { recursive: true });
      const lines: string[] = [];
      for (const [index, vif] of vifs.entries()) {
        const intent = { name, ...vif };
        // The last of three is attached later: in the guest its files are there already.
        await generate(intent, target, join(own, 'files'));
        if (configured) await generate(intent, 'sixgate', join(own, 'dom0'));
        if (index < 2) lines.push(await generate(intent, 'xl'));
      }
      writeFileSync(join(own, 'vifs'), JSON.stringify(lines));
    }),
  );
  const strange = await Promise.all(Object.values(xenGuestCases).map((intent) => generate(intent, 'xl')));
  writeFileSync(join(directory, 'strange'), JSON.stringify(strange));
}

async function generate(intent: object, target: string, out?: string): Promise<string> {
  return runChecked(
    [
      join(repositoryRoot, 'bin/sixgate'),
      'generate',
      'xen-guest',
      '--for',
      target,
      '--intent',
      '-',
      ...(out === undefined ? [] : ['--out', out]),
    ],
    { input: JSON.stringify(intent) },
  );
}
