import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../lab/repository.ts';
import { LabStage } from './lab-stage.ts';
import { matchShown, tidy } from './match-shown.ts';
import type { Page } from './page.ts';
import { readPages } from './pages-for.ts';
import { playPage, type Played } from './play-page.ts';
import type { Stage } from './stage.ts';

/**
 * Plays every guide from its first command to its last. SIXGATE_DOCS=write writes what was printed into the pages instead, to be
 * read before it is committed.
 */
const write = process.env['SIXGATE_DOCS'] === 'write';

/** Stages that others play. */
const elsewhere = ['vm', 'xenvm'];

const stages: Readonly<Record<string, (page: Page) => Promise<Stage>>> = {
  lab: ({ stage }) => LabStage.build('docs', stage!.settings),
};

const pages = readPages();

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.end();
  stage = undefined;
});

describe('guides', () => {
  const setUp = readFileSync(join(repositoryRoot, 'scripts/setup'), 'utf8');

  test.each(pages)('$path: every block is marked, and what it installs is what the tests have', ({ faults, steps }) => {
    expect(faults).toEqual([]);
    const installed = steps.flatMap((step) => (step.do === 'install' ? step.packages : []));
    expect(installed.filter((name) => !new RegExp(`=${name}\\b`).test(setUp))).toEqual([]);
  });

  test('what is run elsewhere is run by a test that is there', () => {
    const places = pages.flatMap(({ steps }) => steps.flatMap((step) => (step.do === 'elsewhere' ? [step.place] : [])));
    expect(places.filter((place) => !existsSync(join(repositoryRoot, place)))).toEqual([]);
  });

  test('every stage is one that is there', () => {
    const names = pages.flatMap((page) => (page.stage ? [page.stage.name] : []));
    expect(names.filter((name) => !(name in stages) && !elsewhere.includes(name))).toEqual([]);
  });

  test.each(pages.filter((page) => page.stage && page.stage.name in stages))(
    '$path: its commands do what it says',
    { timeout: 300_000 },
    async (page) => {
      stage = await stages[page.stage!.name]!(page);
      const played = await playPage(page, stage, { goOn: write });
      if (write) writeShown(page.path, played);
      expect(played.failure ?? 'all well').toBe('all well');
    },
  );
});

function writeShown(path: string, { printed }: Played): void {
  const file = join(repositoryRoot, path);
  const lines = readFileSync(file, 'utf8').split('\n');
  for (const { shown, output } of printed.toReversed()) {
    if (matchShown(shown, output)) continue;
    const indent = /^\s*/.exec(lines[shown.line - 1]!)![0];
    const text = tidy(output).split('\n').slice(0, -1);
    const height = shown.text.split('\n').length - 1;
    lines.splice(shown.line, height, ...text.map((line) => (line === '' ? '' : `${indent}${line}`)));
  }
  writeFileSync(file, lines.join('\n'));
}
