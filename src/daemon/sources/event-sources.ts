import { parseHookEvent, type HookEvent } from '../../backend/hook/parse-hook-event.ts';
import { ageReport } from '../../engine/age-report.ts';
import type { Uplink } from '../../engine/config.ts';
import { eventsPath } from '../paths.ts';
import { startDhcpcdSources } from './dhcpcd-sources.ts';
import { startEventDirectory } from './event-directory.ts';
import type { Source, SourcesOptions } from './source.ts';
import { createStateTeller } from './state-teller.ts';

/** Starts what lives from the directory of events: dhcpcd's sources, and those of all other clients with a hook. */
export function startEventSources(options: SourcesOptions): Source {
  const { log } = options;
  const hooked = options.config.uplinks.filter(({ source }) => source.from === 'hook');
  const tellers = new Map(hooked.map(({ name }) => [name, createStateTeller(options, name)]));

  function hear(text: string, age: number): void {
    const read = parseHookEvent(text);
    if (!read.ok) return log.warn(read.problem.message);
    const uplink = hooked.find((each) => isAbout(read.value, each));
    if (uplink) tell(uplink, read.value, age);
    else log.warn(`an event of ${read.value.client} is about no uplink that is told of prefixes in that way`);
  }

  function tell({ name, interface: on }: Uplink, { says }: HookEvent, age: number): void {
    if ('released' in says) return options.onReport(name, ageReport({ ...says, interface: on }, age));
    const aged = ageReport({ ...says, interface: on, released: false }, age);
    tellers.get(name)!.tell({ ...says, interface: on, prefixes: aged.prefixes });
  }

  if (options.config.uplinks.some(({ source }) => source.from === 'dhcpcd')) return startDhcpcdSources(options, hear);
  if (hooked.length === 0) return { stop: async () => {} };
  const events = startEventDirectory({
    host: options.host,
    directory: eventsPath(options.paths),
    onEnvironment: hear,
    onRefused: (problem) => log.warn(problem.message),
    kept: () => options.kept(),
  });
  return {
    async stop() {
      events.stop();
      await events.started;
    },
  };
}

/** By hand ("sixgate event") every uplink with a hook can be told; else only by the client that is configured. */
function isAbout({ about, client }: HookEvent, { name, interface: on, source }: Uplink): boolean {
  if (source.from !== 'hook' || (client !== 'generic' && client !== source.client)) return false;
  return 'uplink' in about ? about.uplink === name : about.interface === on;
}
