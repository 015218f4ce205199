import type { Instant } from '../core/instant.ts';
import type { HealthReport, Report } from './report.ts';
import type { Status } from './status.ts';

export interface Colors {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}

/** Of one change; the log has all of them. */
const shownReasons = 6;

/** The report for people: uplinks, mappings, guard, problems. */
export function formatReport(report: Status, now: Instant, colors: Colors): string {
  const lines: string[] = [];
  const { daemon, activity } = report;
  const { alive } = daemon;
  lines.push(
    alive
      ? `sixgate ${daemon.version}, running since ${daemon.since} (${formatAge(now - Date.parse(daemon.since))})`
      : colors.red(`sixgate is not running; this is what it left at ${report.written}. The rules are still in force.`),
  );
  if (daemon.state === 'silent') {
    lines.push(colors.red(`It has not been heard of for ${formatAge(daemon.age * 1000)}; this is what it told last.`));
  }
  const { failover } = report;
  if (failover) lines.push(formatRole(failover, now, colors));
  const waits = failover !== null && failover.state !== 'active';
  for (const uplink of report.uplinks) {
    lines.push('', `${colors.bold(`uplink ${uplink.name}`)}  ${uplink.interface}, prefix from ${uplink.source}`);
    if (uplink.health) lines.push(formatHealth(uplink.health, now, colors));
    if (uplink.delegations.length === 0) {
      lines.push(colors.yellow(waits ? '  no delegated prefix known' : '  no delegated prefix'));
    }
    for (const delegation of uplink.delegations) {
      const state = delegation.current ? colors.green('in use') : waits ? 'known from before' : 'inbound only';
      lines.push(
        `  ${delegation.prefix}  ${state}, valid ${formatUntil(delegation.validUntil, now)}, preferred ${formatUntil(delegation.preferredUntil, now)}`,
      );
    }
    for (const mapping of report.mappings.filter((each) => each.uplink === uplink.name)) {
      const name = mapping.subnet ? `${mapping.network}/${mapping.subnet}` : mapping.network;
      const stateless = report.translations.some(
        ({ uplink: at, network, mode }) => at === uplink.name && network === mapping.network && mode === 'rfc6296',
      );
      const how = stateless ? '  (RFC 6296: "sixgate trace" tells the addresses)' : '';
      lines.push(
        `  ${name}: ${mapping.inside} ${mapping.direction === 'both' ? '<->' : '<- '} ${mapping.outside}${how}`,
      );
    }
  }
  for (const network of report.networks) {
    lines.push('', `${colors.bold(`network ${network.name}`)}  ${network.prefix}`);
    if (network.way) {
      const { uplink, because } = network.way;
      lines.push(
        uplink === null ? colors.yellow(`  no way out: ${because}`) : `  new flows leave by ${uplink}: ${because}`,
      );
    }
    for (const subnet of network.subnets) {
      lines.push(`  ${subnet.name}  ${subnet.prefix}${subnet.interface ? `  ${subnet.interface}` : ''}`);
    }
  }
  for (const { what, device, prefixes, filtered, problem } of report.xen ?? []) {
    lines.push('', `${colors.bold(what)}  ${device}${filtered ? '' : colors.yellow(', not filtered')}`);
    if (prefixes.length > 0) lines.push(`  ${prefixes.join(', ')}`);
    if (problem !== null) lines.push(colors.red(`  ${problem}`));
  }
  if (report.offload) {
    const { interfaces } = report.offload;
    const where =
      interfaces.length > 0 ? `between ${interfaces.join(', ')}` : colors.yellow('none of the interfaces is there');
    lines.push('', `${colors.bold('offload')}  established flows pass by the rules: ${where}`);
  }
  const counted = Object.entries(report.guard).map(([name, packets]) => `${name} ${packets}`);
  lines.push(
    '',
    `${colors.bold('guard')}  ${daemon.guardHeld && alive ? 'held: no flush of the ruleset removes it' : 'not held'}`,
  );
  if (counted.length > 0) lines.push(`  packets stopped: ${counted.join(', ')}`);
  lines.push(`  changes ${activity.changes}, repairs ${activity.repairs}, flows moved ${activity.flowsMoved}`);
  if (activity.lastChange) {
    const { at, took, because } = activity.lastChange;
    const ago = `  last change ${formatAge(now - Date.parse(at))} ago, took ${took} ms:`;
    const more = because.length - shownReasons;
    const shown = [...because.slice(0, shownReasons), ...(more > 0 ? [`and ${more} more`] : [])];
    lines.push(...(because.length < 2 ? [`${ago} ${because.join()}`] : [ago, ...shown.map((why) => `    ${why}`)]));
  }
  for (const problem of report.problems) {
    lines.push('', `${colors.red(`problem ${problem.code}`)}  since ${problem.since}`, `  ${problem.message}`);
    if (problem.mend) lines.push(colors.dim(`  ${problem.mend}`));
  }
  return `${lines.join('\n')}\n`;
}

function formatHealth({ state, since, why, answered }: HealthReport, now: Instant, colors: Colors): string {
  const text = { up: colors.green('up'), down: colors.red('down'), unknown: colors.yellow('unknown') }[state];
  const time = answered === null || state !== 'up' ? '' : ` after ${answered} ms`;
  return `  ${text} for ${formatAge(now - Date.parse(since))}: ${why}${time}`;
}

function formatRole({ state, since }: NonNullable<Report['failover']>, now: Instant, colors: Colors): string {
  const text = {
    active: colors.green('active'),
    passive: 'passive: it keeps the guard and waits',
    fault: colors.yellow('passive, and could not take over: a link is missing'),
  }[state];
  const how = since === null ? 'nobody has said so yet' : `since ${since} (${formatAge(now - Date.parse(since))})`;
  return `${colors.bold('fail-over')}  ${text}, ${how}`;
}

function formatUntil(until: string | null, now: Instant): string {
  if (until === null) return 'for ever';
  const left = Date.parse(until) - now;
  return left > 0 ? `for ${formatAge(left)}` : 'no longer';
}

/** The two largest units, as in "3 h 12 min". */
export function formatAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
