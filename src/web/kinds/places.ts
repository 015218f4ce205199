import { defaultEventsDirectory } from '../../generate/uplink/generate-uplink.ts';

/** Where a daemon that was told nothing else reads and writes; a test holds them to what the command line writes. */
export const places = {
  eventsDirectory: defaultEventsDirectory,
  stateFile: '/run/sixgate/failover',
  radvdConfig: '/run/sixgate/radvd.conf',
} as const;
