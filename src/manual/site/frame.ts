/** What a page of the site has in its head and at its top. */
export interface Frame {
  /** Where it stands, from the root of the site. */
  readonly url: string;
  readonly title: string;
  readonly description?: string;
  /** Files in the root of the site. */
  readonly styles: readonly string[];
  readonly script: string;
  /** Of the whole page, for its body. */
  readonly attributes?: string;
  readonly skip?: string;
  /** HTML that stands behind the entries. */
  readonly beside?: string;
  /** HTML below the top. */
  readonly content: string;
}

const docs = 'docs/index.html';
const entries: readonly (readonly [url: string, name: string])[] = [
  ['index.html', 'Generator'],
  ['calculator.html', 'Calculator'],
  ['status.html', 'Status'],
  [docs, 'Docs'],
];

/** A whole HTML page. */
export function renderFrame(frame: Frame): string {
  const { url, title, description, styles, script, attributes = '', skip = '', beside = '' } = frame;
  const to = (target: string): string => relativeUrl(url, target);
  const isDocs = url.startsWith('docs/');
  const mark = (entry: string): string => {
    if (entry === url) return ' aria-current="page"';
    return isDocs && entry === docs ? ' aria-current="true"' : '';
  };
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
${description === undefined ? '' : `    <meta name="description" content="${escape(description)}" />\n`}\
    <meta name="referrer" content="no-referrer" />
    <title>${escape(title)} · sixgate</title>
    <link rel="icon" href="${to('icon.svg')}" type="image/svg+xml" />
${styles.map((style) => `    <link rel="stylesheet" href="${to(style)}" />\n`).join('')}\
    <script src="${to(script)}" defer></script>
  </head>
  <body${attributes}>
    <a class="skip" href="#app"${skip}>To the content</a>
    <header class="top">
      <a class="brand" href="${to(isDocs ? docs : 'index.html')}">
        <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" focusable="false">
          <path class="hex" d="M16 2 28 9v14l-12 7L4 23V9z" />
          <path class="gate" d="M12 24V13a4 4 0 0 1 8 0v11" />
          <path class="way" d="M16 30V17" />
        </svg>
        sixgate
      </a>
      <nav aria-label="Pages">
        <ul>
${entries.map(([entry, name]) => `          <li><a href="${to(entry)}"${mark(entry)}>${name}</a></li>\n`).join('')}\
        </ul>
      </nav>
${beside}\
    </header>
${frame.content}\
  </body>
</html>
`;
}

/** One way from a page of the site to another, both from its root. */
export function relativeUrl(from: string, to: string): string {
  const [one, other] = [from.split('/').slice(0, -1), to.split('/')];
  while (one.length > 0 && one[0] === other[0]) {
    one.shift();
    other.shift();
  }
  return [...one.map(() => '..'), ...other].join('/');
}

/** Text as HTML, also within quotes. */
export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
