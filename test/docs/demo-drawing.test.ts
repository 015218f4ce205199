import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../lab/repository.ts';

const drawing = readFileSync(join(repositoryRoot, 'docs/demo.svg'), 'utf8');

/** "node scripts/record-demo.mjs" makes it anew. */
test('docs/demo.svg shows the scenes that the demo has, with every promise kept', () => {
  const scenes = join(repositoryRoot, 'test/demo/scenes');
  const texts = readdirSync(scenes).map((name) => readFileSync(join(scenes, name), 'utf8'));
  const titles = texts.flatMap((text) => [...text.matchAll(/narrator\.scene\('(.*)'\)/g)].map(([, title]) => title!));
  expect(titles.length).toBeGreaterThan(3);
  // The quick run, which is recorded, does not wait for the end of a lease.
  const shown = titles.filter((title) => drawing.includes(`>${title}<`));
  expect(titles.filter((title) => !shown.includes(title))).toHaveLength(1);
  const promises = [...drawing.matchAll(/kept<\/tspan>/g)].length;
  expect(drawing).toContain(`All ${promises} promises kept.`);
  expect(drawing).not.toContain('BROKEN');
});

test('docs/demo.svg is small, asks nobody for anything, and stands still for those who want that', () => {
  expect(drawing.length).toBeLessThan(40_000);
  expect(drawing.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|<script|<image/);
  expect(drawing).toContain('prefers-reduced-motion');
});
