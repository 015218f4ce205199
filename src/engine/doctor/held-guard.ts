import { ok, unknown, warning, type Check } from './finding.ts';

export const heldGuard: Check = {
  id: 'held-guard',
  group: 'sixgate',
  needsConfig: false,
  judge({ ownTables }) {
    if (!ownTables.known) return [unknown('held-guard', 'the tables of sixgate', ownTables.why)];
    const held = ownTables.value.find((name) => name.startsWith('inet sixgate_held'));
    if (held !== undefined) return [ok('held-guard', `${held} stays when somebody flushes the ruleset`)];
    const found = 'the guard is not held: while somebody flushes the ruleset, packets can leave untranslated';
    return [warning('held-guard', found, 'Let "sixgate run" run, on Linux 5.12 with nft 0.9.9 or newer.')];
  },
};
