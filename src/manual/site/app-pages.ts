import { renderFrame } from './frame.ts';

const pages = [
  {
    url: 'index.html',
    title: 'Generator',
    script: 'generator.js',
    description: 'Configuration files for stable IPv6, made in the browser.',
  },
  {
    url: 'calculator.html',
    title: 'Calculator',
    script: 'calculator.js',
    description: 'IPv6 addresses and prefixes, taken apart and translated.',
  },
  { url: 'status.html', title: 'Status', script: 'status.js', description: 'What sixgate does on this machine, live.' },
];

const content = `    <main id="app" tabindex="-1">
      <noscript
        ><p class="note warn">
          This page computes everything in the browser, so it needs JavaScript. Nothing is sent anywhere. The commands
          of sixgate do the same.
        </p></noscript
      >
    </main>
`;

/** The pages that a script of src/web fills, as files of the site, by path. */
export function appPages(): ReadonlyMap<string, string> {
  return new Map(
    pages.map((page) => [page.url, renderFrame({ ...page, styles: ['style.css'], skip: ' data-skip', content })]),
  );
}
