import { formatAge } from '../../engine/format-report.ts';
import type { HistoryEntry } from '../../engine/prefix-history.ts';
import { now } from './connection.ts';
import { deriveTimeline } from './timeline.ts';
import { formatWhen } from './uplinks-view.tsx';

/** Which prefix was there when: drawn to scale, and as a table. */
export function HistoryView({ history }: { readonly history: readonly HistoryEntry[] }) {
  const line = deriveTimeline(history, now.value);
  if (line === undefined) return null;
  return (
    <section class="sheet" aria-labelledby="history-title">
      <h2 id="history-title">Prefixes so far</h2>
      <div class="timeline" aria-hidden="true">
        {line.uplinks.map(({ name, spans }) => (
          <div key={name}>
            <span class="dim">{name}</span>
            <svg viewBox="0 0 1000 26" preserveAspectRatio="none" focusable="false">
              {spans.map(({ start, end, open, shade }, index) => (
                <rect
                  key={index}
                  class={`shade${shade % 3}${open ? ' open' : ''}`}
                  x={start * 1000}
                  width={Math.max((end - start) * 1000, 2)}
                  y={0}
                  height={26}
                />
              ))}
            </svg>
          </div>
        ))}
        <p class="ends dim">
          <span>{formatWhen(new Date(line.from).toISOString())}</span>
          <span>now</span>
        </p>
      </div>
      <div class="scroll" tabIndex={0} role="group" aria-label="Prefixes so far">
        <table>
          <thead>
            <tr>
              <th scope="col">Prefix</th>
              <th scope="col">Uplink</th>
              <th scope="col">From</th>
              <th scope="col">For</th>
            </tr>
          </thead>
          <tbody>
            {[...history].reverse().map(({ uplink, prefix, since, until }) => (
              <tr key={uplink + prefix + since}>
                <th scope="row">
                  <code>{prefix}</code>
                </th>
                <td>{uplink}</td>
                <td>{formatWhen(since)}</td>
                <td class="figure">
                  {formatAge((until === null ? now.value : Date.parse(until)) - Date.parse(since))}
                  {until === null ? <span class="mark"> and on</span> : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
