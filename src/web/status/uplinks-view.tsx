import { formatAge } from '../../engine/format-report.ts';
import type { HealthReport, UplinkReport } from '../../engine/report.ts';
import { now } from './connection.ts';

/** Each uplink with its delegations, whose lifetimes run down. */
export function UplinksView({ uplinks }: { readonly uplinks: readonly UplinkReport[] }) {
  return (
    <section class="sheet" aria-labelledby="uplinks-title">
      <h2 id="uplinks-title">Uplinks</h2>
      {uplinks.map((uplink) => (
        <div key={uplink.name} class="uplink">
          <h3>
            {uplink.name} <span class="dim">{`${uplink.interface}, prefix from ${uplink.source}`}</span>
          </h3>
          {uplink.health && <HealthLine health={uplink.health} />}
          {uplink.delegations.length === 0 ? (
            <p class="problem">no delegated prefix</p>
          ) : (
            <div class="scroll" tabIndex={0} role="group" aria-label={`Delegations of ${uplink.name}`}>
              <table class="stack">
                <thead>
                  <tr>
                    <th scope="col">Prefix</th>
                    <th scope="col">Use</th>
                    <th scope="col">Preferred</th>
                    <th scope="col">Valid</th>
                  </tr>
                </thead>
                <tbody>
                  {uplink.delegations.map((delegation) => (
                    <tr key={delegation.prefix}>
                      <th scope="row">
                        <code>{delegation.prefix}</code>
                      </th>
                      <td>{delegation.current ? <span class="mark">in use</span> : 'inbound only'}</td>
                      <td class="figure" data-label="Preferred">
                        {left(delegation.preferredUntil)}
                      </td>
                      <td class="figure" data-label="Valid">
                        {left(delegation.validUntil)}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </div>
      ))}
    </section>
  );
}

function HealthLine({ health: { state, since, why } }: { readonly health: HealthReport }) {
  const age = formatAge(now.value - Date.parse(since));
  return <p class={state === 'down' ? 'problem' : 'dim'}>{`${state} for ${age}: ${why}`}</p>;
}

function left(until: string | null): string {
  if (until === null) return 'for ever';
  const time = Date.parse(until) - now.value;
  return time > 0 ? formatAge(time) : 'over';
}

/** Day and time as the reader's language writes them, short. */
export function formatWhen(instant: string): string {
  return new Date(instant).toLocaleString(undefined, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
}
