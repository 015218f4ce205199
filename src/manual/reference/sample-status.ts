import type { Status } from '../../engine/status.ts';

const since = '2026-11-23T10:00:00.000Z';

/** A status with something of everything, so that nothing of what is derived from one is missing in the reference. */
export const sampleStatus: Status = {
  schemaVersion: 1,
  written: since,
  daemon: {
    pid: 1,
    since,
    version: '0.0.0',
    guardHeld: true,
    reportsEvery: 10,
    alive: true,
    state: 'running',
    age: 0,
  },
  failover: { state: 'active', since },
  identity: null,
  uplinks: [
    {
      name: 'dsl',
      interface: 'eth0',
      source: 'dhcpv6',
      health: { state: 'up', since, why: '2620:fe::fe answers', answered: 12 },
      delegations: [
        { iaid: 1, prefix: '2001:db8:a:aa80::/58', preferredUntil: since, validUntil: since, since, current: true },
      ],
    },
  ],
  networks: [
    { name: 'home', prefix: 'fd12:3456:789a::/58', subnets: [], way: { uplink: 'dsl', because: 'dsl comes first' } },
  ],
  mappings: [
    {
      uplink: 'dsl',
      network: 'home',
      subnet: null,
      inside: 'fd12:3456:789a::/58',
      outside: '2001:db8:a:aa80::/58',
      direction: 'both',
    },
  ],
  inForce: true,
  offload: { interfaces: ['eth0'] },
  translations: [],
  guard: { leaving: 0 },
  activity: {
    changes: 1,
    repairs: 0,
    flowsMoved: 0,
    durations: { upTo: [10], counts: [1], count: 1, sum: 5 },
    lastChange: { at: since, took: 5, because: ['dsl now has a prefix'] },
  },
  history: [],
  problems: [{ code: 'interface-missing', message: 'there is no interface eth2', mend: 'Plug it in.', since }],
};
