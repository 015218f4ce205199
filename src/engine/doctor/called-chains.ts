import { ok, problem, unknown, type Check } from './finding.ts';

export const calledChains: Check = {
  id: 'chains',
  group: 'firewall',
  needsConfig: true,
  judge({ awaited }, { backend }) {
    if (backend !== 'ip6tables') return [ok('chains', 'the rules are in tables of nftables, which nobody has to call')];
    if (!awaited.known) return [unknown('chains', 'which chains of ip6tables are called', awaited.why)];
    const missing = awaited.value.filter(({ code }) => code === 'chain-not-called');
    if (missing.length === 0)
      return [ok('chains', 'the chains of sixgate are called from the built-in ones of ip6tables')];
    return missing.map(({ message, mend }) => problem('chains', message, mend ?? 'sixgate apply --restore'));
  },
};
