import { describe, expect, it } from 'vitest';
import { findOutages } from './probe/flow-record.ts';
import { isOfSite, siteOf } from './site.ts';
import { parseReply } from './wire-clock.ts';

/** A probe every 10 ms; each letter one: `.` answered after 1 ms, `x` never, `l` late by 150 ms. */
function probes(story: string) {
  const delays: Record<string, number | undefined> = { '.': 1, l: 150 };
  return story.split('').map((letter, index) => {
    const delay = delays[letter];
    return { sent: index * 10, answered: delay === undefined ? undefined : index * 10 + delay };
  });
}

describe('outages', () => {
  it.each([
    ['....', []],
    ['..xxx..', [{ start: 20, ms: 30, probes: 3, open: false }]],
    [
      'x..x.',
      [
        { start: 0, ms: 10, probes: 1, open: false },
        { start: 30, ms: 10, probes: 1, open: false },
      ],
    ],
    ['..xx', [{ start: 20, ms: 10, probes: 2, open: true }]],
    ['.ll.', [{ start: 10, ms: 150, probes: 2, open: false }]],
  ])('of %s', (story, expected) => {
    expect(findOutages(probes(story))).toEqual(expected);
  });
});

describe('sites', () => {
  it('are apart from each other and hold their own', () => {
    const sites = Array.from({ length: 300 }, (_, index) => siteOf(index + 1));
    expect(new Set(sites.map(({ prefix }) => prefix)).size).toBe(300);
    for (const site of sites) {
      expect(sites.filter((other) => isOfSite(other, site.poolAddress))).toEqual([site]);
    }
    expect(siteOf(1)).toMatchObject({ prefix: '2001:db8:a:aa00::/56', pool: '2001:db8:a:aa80::/57' });
  });
});

describe('a REPLY as tcpdump prints it', () => {
  const line =
    '1795415480.484452 IP6 (flowlabel 0x1, hlim 64) fe80::1.547 > fe80::2.546: [udp sum ok] dhcp6 reply (xid=1 ' +
    '(IA_PD IAID:1 T1:900 T2:1440 (IA_PD-prefix 2001:db8:b:bb80::/58 pltime:1800 vltime:3600) ' +
    '(IA_PD-prefix 2001:db8:a:aa80::/58 pltime:0 vltime:0)))';

  it('gives its time and every prefix in order', () => {
    expect(parseReply(line)).toEqual({
      at: 1795415480484.452,
      prefixes: [
        { prefix: '2001:db8:b:bb80::/58', preferred: 1800, valid: 3600 },
        { prefix: '2001:db8:a:aa80::/58', preferred: 0, valid: 0 },
      ],
    });
  });

  it('is not an ADVERTISE', () => {
    expect(parseReply(line.replace('reply', 'advertise'))).toBeUndefined();
  });
});
