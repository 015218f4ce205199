import { expect, test } from 'vitest';
import { fail, succeed } from '../core/result.ts';
import type { Files } from '../host/host.ts';
import { readProgramObject } from './program-object.ts';

test('what failed is read anew: it can be there by then', async () => {
  const answers = [fail({ code: 'file-unreadable', message: 'too many open files' }), succeed(undefined)];
  const files = { readShipped: async () => answers.shift() } as unknown as Files;
  expect(await readProgramObject(files)).toMatchObject({ ok: false, problem: { code: 'file-unreadable' } });
  expect(await readProgramObject(files)).toMatchObject({ ok: false, problem: { code: 'program-missing' } });
});
