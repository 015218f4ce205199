import { expect, test } from 'vitest';
import type { GroupedFinding } from './checks.ts';
import { formatFindings } from './format-findings.ts';

const marks = {
  bold: (t: string) => `*${t}*`,
  dim: (t: string) => `.${t}.`,
  green: (t: string) => `g${t}g`,
  red: (t: string) => `r${t}r`,
  yellow: (t: string) => `y${t}y`,
};
const finding = (id: string, result: GroupedFinding['result'], mend: string | null = null): GroupedFinding => ({
  id,
  result,
  found: `found ${id}`,
  mend,
  group: id === 'node' ? 'this machine' : 'interfaces',
});

test('by group, aligned, each with its mend; the count at the end', () => {
  const findings = [
    finding('node', 'ok'),
    finding('forwarding', 'problem', 'sysctl'),
    finding('mtu:x', 'warning', 'ip'),
    finding('y', 'unknown'),
  ];
  expect(formatFindings(findings, marks)).toBe(`*this machine*
  gok     g  node        found node

*interfaces*
  rproblemr  forwarding  found forwarding
                       .->. sysctl
  ywarningy  mtu:x       found mtu:x
                       .->. ip
  .unknown.  y           found y

r4 checks: 1 problem(s), 1 warning(s), 1 unknownr
`);
  expect(formatFindings([finding('node', 'ok')], marks)).toContain('g1 checks, all in orderg');
});
