import { menu } from '../kinds/menu.ts';

/** What can be set up. Each is a link, so that "back" and a new tab do what one expects. */
export function KindList({ kind }: { readonly kind: string | undefined }) {
  return (
    <nav class="kinds" aria-label="What to set up">
      <ul>
        {menu.map(({ name, title, summary }) => (
          <li key={name}>
            <a href={`#${name}`} aria-current={name === kind ? 'true' : undefined}>
              <span class="title">{title}</span>
              <span class="summary">{summary}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
