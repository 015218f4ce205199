import { expect, test } from 'vitest';
import type { Step } from '../engine/step.ts';
import type { Host } from '../host/host.ts';
import { putTranslators } from './put-translators.ts';

const steps = [
  { do: 'make-detour', detour: { uplink: 'eth0', name: 'six-eth0' }, because: 'it is not there' },
] as unknown as Step[];

/** What it comes to where `ip` ends with these words. */
async function put(stderr: string) {
  const processes = { run: async () => ({ ok: true, value: { code: 1, stdout: '', stderr } }) };
  return putTranslators({ processes } as unknown as Host, steps, undefined);
}

test('an interface that went meanwhile is no refusal, which would end the daemon at its start', async () => {
  expect(await put('Cannot find device "eth0"\nCommand failed -:1\n')).toMatchObject({ code: 'apply-failed' });
  expect(await put('RTNETLINK answers: No such device\n')).toMatchObject({ code: 'apply-failed' });
});

test('whatever else fails is one', async () => {
  expect(await put('Error: Unknown device type.\n')).toMatchObject({ code: 'program-refused' });
  expect(await put('RTNETLINK answers: Operation not permitted\n')).toMatchObject({ code: 'program-refused' });
});
