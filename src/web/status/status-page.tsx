import type { ProblemReport } from '../../engine/report.ts';
import { formatAge } from '../../engine/format-report.ts';
import { DrawingView } from '../drawing/drawing-view.tsx';
import { connection, now, status } from './connection.ts';
import { drawStatus } from './draw-status.ts';
import { FiguresView } from './figures-view.tsx';
import { GuestsView } from './guests-view.tsx';
import { HistoryView } from './history-view.tsx';
import { StateBanner } from './state-banner.tsx';
import { TraceView } from './trace-view.tsx';
import { UplinksView } from './uplinks-view.tsx';

export function StatusPage() {
  if (connection.value.is === 'static') return <WithoutServer />;
  const told = status.value;
  return (
    <>
      <h1>Status</h1>
      <StateBanner />
      {told === undefined || told.daemon === null ? null : (
        <>
          {told.problems.length === 0 ? null : <ProblemsView problems={told.problems} />}
          <div class="sheets">
            <div>
              <DrawingView drawing={drawStatus(told)} />
              <FiguresView guard={told.guard} activity={told.activity} />
            </div>
            <div>
              <UplinksView uplinks={told.uplinks} />
              {told.xen === undefined || told.xen.length === 0 ? null : <GuestsView interfaces={told.xen} />}
              <TraceView example={told.networks[0]?.subnets[0]?.prefix.replace(/\/64$/, '10') ?? ''} />
              <HistoryView history={told.history} />
            </div>
          </div>
        </>
      )}
    </>
  );
}

function ProblemsView({ problems }: { readonly problems: readonly ProblemReport[] }) {
  return (
    <section class="note bad" aria-labelledby="problems-title">
      <h2 id="problems-title">Problems</h2>
      <ul>
        {problems.map(({ code, message, mend, since }) => (
          <li key={code + message}>
            {message}
            <span class="dim"> for {formatAge(now.value - Date.parse(since))}</span>
            {mend === null ? null : <span class="mend">{mend}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The page from a file, or from a server that is not sixgate's. */
function WithoutServer() {
  return (
    <div class="sheet alone">
      <h1>Status</h1>
      <p>
        This page shows what sixgate does on a machine, live. It needs sixgate there to answer, and these pages come
        from {location.protocol === 'file:' ? 'a file' : 'a server that is not sixgate’s'}.
      </p>
      <p>On that machine, start</p>
      <pre tabIndex={0} role="group" aria-label="Command">
        <code>sixgate serve</code>
      </pre>
      <p>
        and open <code>http://[::1]:6460/status.html</code> there. On the command line{' '}
        <code>sixgate status --watch</code> shows the same. Generator and calculator work here as well.
      </p>
    </div>
  );
}
