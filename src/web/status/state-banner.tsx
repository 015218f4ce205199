import { formatAge } from '../../engine/format-report.ts';
import { connection, now, status } from './connection.ts';

/** One line that says whether all is well, and whether the page knows. */
export function StateBanner() {
  const [look, text, more] = describe();
  return (
    <div class={`banner ${look}`}>
      <p role="status">
        <strong>{text}</strong>
      </p>
      <p class="dim">{more}</p>
    </div>
  );
}

function describe(): [look: 'good' | 'bad' | 'warn' | 'wait', text: string, more: string] {
  const link = connection.value;
  if (link.is === 'connecting') return ['wait', 'Connecting', ''];
  if (link.is === 'refused') return ['bad', 'The session is over', 'Load this page again to give the token.'];
  if (link.is === 'lost') {
    const shown = status.value === undefined ? '' : ' What is below is from before.';
    return ['bad', 'The connection is lost', `Trying again, since ${clock(link.since)}.${shown}`];
  }
  const told = status.value;
  if (told === undefined) return ['wait', 'Connecting', ''];
  if (told.daemon === null)
    return ['bad', 'No daemon', [told.problem.message, told.problem.mend].filter(Boolean).join('. ')];
  const { daemon, problems, inForce, failover, written } = told;
  const ago = formatAge(now.value - Date.parse(daemon.since));
  if (daemon.state === 'stopped') {
    return ['bad', 'sixgate is not running', `This is what it left at ${written}. The rules are still in force.`];
  }
  if (daemon.state === 'silent') {
    return ['bad', 'sixgate does not answer', `Its last report is from ${written}. The rules are still in force.`];
  }
  const running = `sixgate ${daemon.version}, for ${ago}; ${daemon.guardHeld ? 'the guard is held' : 'the guard is not held'}.`;
  if (failover !== null && failover.state !== 'active') {
    return [
      failover.state === 'fault' ? 'bad' : 'wait',
      failover.state === 'fault' ? 'Could not take over' : 'Stands by',
      `Its twin is the active one. ${running}`,
    ];
  }
  if (problems.length > 0)
    return ['warn', problems.length === 1 ? 'One problem' : `${problems.length} problems`, running];
  if (!inForce) return ['warn', 'Not yet in force', running];
  return ['good', failover === null ? 'All is well' : 'All is well, and this router is the active one', running];
}

function clock(instant: number): string {
  return new Date(instant).toLocaleTimeString();
}
