import { formatPrefix, parsePrefix } from '../../core/prefix.ts';
import { readChainKind } from './chain-names.ts';

/**
 * Rules that come and go with prefixes, and the elements that they stand for:
 *
 * | chain           | element            | rule                                                  |
 * | --------------- | ------------------ | ----------------------------------------------------- |
 * | SIXGATE-OUT-U   | INSIDE : OUTSIDE   | -s INSIDE -j NETMAP --to OUTSIDE                      |
 * | SIXGATE-INTO-U  | OUTSIDE : INSIDE   | -d OUTSIDE -j NETMAP --to INSIDE                      |
 * | SIXGATE-BACK-U  | OUTSIDE            | -m conntrack --ctorigdst OUTSIDE -j SIXGATE-OUT-U     |
 * | SIXGATE-MAPPED-U | INSIDE            | -s INSIDE -j RETURN                                   |
 */
export function formatElementRule(chain: string, element: string): string {
  const [key, value] = element.split(' : ');
  switch (readChainKind(chain)) {
    case 'OUT':
      return `-s ${key} -j NETMAP --to ${value}`;
    case 'INTO':
      return `-d ${key} -j NETMAP --to ${value}`;
    case 'BACK':
      return `-m conntrack --ctorigdst ${key} -j ${outOf(chain)}`;
    default:
      return `-s ${key} -j RETURN`;
  }
}

/** The element that a rule of this chain stands for, as ip6tables-save prints it; undefined for any other rule. */
export function parseElementRule(chain: string, rule: string): string | undefined {
  const pair = /^-([sd]) (\S+) -j NETMAP --to (\S+)$/.exec(rule);
  const back = /^-m conntrack --ctorigdst (\S+) -j (\S+)$/.exec(rule);
  const mapped = /^-s (\S+) -j RETURN$/.exec(rule);
  switch (readChainKind(chain)) {
    case 'OUT':
      return pair?.[1] === 's' ? join(pair[2]!, pair[3]!) : undefined;
    case 'INTO':
      return pair?.[1] === 'd' ? join(pair[2]!, pair[3]!) : undefined;
    case 'BACK':
      return back?.[2] === outOf(chain) ? canonical(back[1]!) : undefined;
    case 'MAPPED':
      return mapped ? canonical(mapped[1]!) : undefined;
    default:
      return undefined;
  }
}

function outOf(chain: string): string {
  return chain.replace('SIXGATE-BACK-', 'SIXGATE-OUT-');
}

function join(from: string, to: string): string | undefined {
  const [one, other] = [canonical(from), canonical(to)];
  return one === undefined || other === undefined ? undefined : `${one} : ${other}`;
}

function canonical(text: string): string | undefined {
  const prefix = parsePrefix(text.includes('/') ? text : `${text}/128`);
  return prefix.ok ? formatPrefix(prefix.value) : undefined;
}
