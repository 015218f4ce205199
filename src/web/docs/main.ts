import { findSections, type Section } from './find-sections.ts';

declare global {
  // What the script of the index sets.
  var sixgateSections: readonly Section[] | undefined;
}

const root = document.body.dataset['root'] ?? '';
const place = document.querySelector<HTMLElement>('.find')!;
const field = place.querySelector('input')!;
const list = place.querySelector<HTMLElement>('.found')!;
place.hidden = false;

// Open where there is room for it; on a phone it would push the page away.
if (matchMedia('(min-width: 60rem)').matches) document.querySelector('.map details')?.setAttribute('open', '');

let loading = false;
/** The index is loaded by whoever wants to search, as a script: a page that was opened as a file may fetch nothing. */
function load(): void {
  if (loading) return;
  loading = true;
  const script = document.createElement('script');
  script.src = `${root}docs/search-index.js`;
  script.addEventListener('load', show);
  document.head.append(script);
}

function show(): void {
  const query = field.value.trim();
  list.replaceChildren();
  if (query === '' || !globalThis.sixgateSections) return;
  const found = findSections(globalThis.sixgateSections, query);
  if (found.length === 0) {
    const nothing = document.createElement('p');
    nothing.textContent = `Nothing has all of "${query}".`;
    list.append(nothing);
    return;
  }
  const entries = document.createElement('ul');
  for (const { title, heading, url, excerpt } of found) {
    const link = document.createElement('a');
    link.href = root + url;
    const name = document.createElement('strong');
    name.textContent = heading === '' ? title : `${title}: ${heading}`;
    const words = document.createElement('span');
    words.textContent = excerpt;
    link.append(name, words);
    const entry = document.createElement('li');
    entry.append(link);
    entries.append(entry);
  }
  list.append(entries);
}

field.addEventListener('focus', load);
field.addEventListener('input', () => {
  load();
  show();
});
document.addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof HTMLInputElement;
  if (event.key === '/' && !isTyping) {
    event.preventDefault();
    field.focus();
  }
  if (event.key === 'Escape' && place.contains(document.activeElement)) {
    field.value = '';
    show();
  }
  if (event.key === 'Enter' && isTyping) list.querySelector('a')?.click();
});
