import type { DocPage } from './read-page.ts';

/** A link of a page, told apart. */
export type Link =
  | { readonly kind: 'outside'; readonly href: string }
  | { readonly kind: 'inside'; readonly path: string; readonly anchor: string };

/** `href` as it stands in the page at `from`, to a path from the root of the project. */
export function resolveLink(from: string, href: string): Link {
  if (/^[a-z]+:/i.test(href)) return { kind: 'outside', href };
  const [path = '', anchor = ''] = href.split('#');
  if (path === '') return { kind: 'inside', path: from, anchor };
  const parts = from.split('/').slice(0, -1);
  for (const part of path.replace(/\/$/, '').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return { kind: 'inside', path: parts.join('/'), anchor };
}

/**
 * Links to what is not there, each with its page: files that do not exist, and headings that a page does not have. `exists`: whether
 * there is such a file or folder in the project.
 */
export function deadLinks(pages: readonly DocPage[], exists: (path: string) => boolean): string[] {
  const known = new Map(pages.map((page) => [page.path, page]));
  return pages.flatMap((page) =>
    page.links.flatMap((href) => {
      const link = resolveLink(page.path, href);
      if (link.kind === 'outside') return [];
      const to = known.get(link.path);
      if (!to && !exists(link.path)) return [`${page.path}: ${href}: there is no ${link.path}`];
      if (link.anchor === '') return [];
      if (!to) return [`${page.path}: ${href}: ${link.path} has no headings`];
      const has = to.headings.some(({ anchor }) => anchor === link.anchor);
      return has ? [] : [`${page.path}: ${href}: ${link.path} has no heading "${link.anchor}"`];
    }),
  );
}
