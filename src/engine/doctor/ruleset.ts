import { ok, problem, unknown, type Check } from './finding.ts';

export const ruleset: Check = {
  id: 'ruleset',
  group: 'this machine',
  needsConfig: true,
  judge({ rulesetRefused: refused }, { backend }) {
    // ip6tables has no way to try rules and leave the kernel alone.
    if (backend === 'ip6tables') return [];
    if (!refused.known) return [unknown('ruleset', 'whether the kernel takes the ruleset', refused.why)];
    if (refused.value === null) return [ok('ruleset', 'nft and the kernel take the ruleset of this configuration')];
    const mend = 'Use a kernel with nf_tables, nft_nat, nft_fib_inet and nft_reject_inet, and nft 1.0.2 or newer.';
    return [problem('ruleset', `the ruleset of this configuration is refused: ${refused.value}`, mend)];
  },
};
