import type { Place } from '../form/fragment.ts';
import { kinds } from '../kinds/kinds.ts';

/** What can be set up. Each is a link, so that "back" and a new tab do what one expects. */
export function KindList({ kind }: Pick<Place, 'kind'>) {
  return (
    <nav class="kinds" aria-label="What to set up">
      <ul>
        {kinds.map(({ name, title, summary }) => (
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
