import { ok, problem, type Check } from './finding.ts';

const oldest = 20;

export const nodeVersion: Check = {
  id: 'node',
  group: 'this machine',
  needsConfig: false,
  judge({ nodeVersion: version }) {
    const major = Number(/^v?(\d+)/.exec(version)?.[1] ?? 0);
    if (major >= oldest) return [ok('node', `Node ${version}`)];
    return [problem('node', `Node ${version} is older than sixgate needs`, `Install Node ${oldest} or newer.`)];
  },
};
