import { formatAge } from '../../engine/format-report.ts';
import type { Report } from '../../engine/report.ts';
import { now } from './connection.ts';

/** What the guard stopped and what sixgate did since it started. */
export function FiguresView({ guard, activity }: Pick<Report, 'guard' | 'activity'>) {
  const { changes, repairs, flowsMoved, lastChange } = activity;
  return (
    <section class="sheet" aria-labelledby="figures-title">
      <h2 id="figures-title">Guard and work</h2>
      <dl class="figures">
        {Object.entries(guard).map(([name, packets]) => (
          <Figure key={name} name={`packets stopped, ${name}`} value={packets} />
        ))}
        <Figure name="prefix changes" value={changes} />
        <Figure name="flows moved" value={flowsMoved} />
        <Figure name="repairs" value={repairs} />
      </dl>
      {lastChange === null ? null : (
        <p class="help">
          {`Last change ${formatAge(now.value - Date.parse(lastChange.at))} ago, in force after ${lastChange.took} ms: ${lastChange.because.join('; ')}`}
        </p>
      )}
    </section>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value.toLocaleString()}</dd>
    </div>
  );
}
