import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../lab/repository.ts';

test('what Node 18 lacks is brought along: methods that leave the array as it was, of bytes too', () => {
  const [banner = ''] = readFileSync(`${repositoryRoot}/dist/main.cjs`, 'utf8').split('\n');
  const program = `
    const typed = Object.getPrototypeOf(Uint8Array.prototype);
    for (const of of [Array.prototype, typed]) for (const name of ['toSorted', 'toReversed', 'toSpliced', 'with']) delete of[name];
    ${banner}
    const list = [3, 1, 2], bytes = Buffer.from([3, 1, 2]);
    const made = [list, bytes].flatMap((each) => [each.toReversed(), each.toSorted(), each.with(-1, 9)]);
    console.log(JSON.stringify([list, [...bytes], list.toSpliced(0, 1), ...made.map((each) => [...each])]));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const made = [
    [2, 1, 3],
    [1, 2, 3],
    [3, 1, 9],
  ];
  expect(JSON.parse(stdout)).toEqual([[3, 1, 2], [3, 1, 2], [1, 2], ...made, ...made]);
});
