import { expect, test } from 'vitest';
import { tunnelCases } from '../../testing/tunnel-cases.ts';
import { generateTunnel } from '../../generate/tunnel/generate-tunnel.ts';
import { tunnelTargets, type TunnelTarget } from '../../generate/tunnel/tunnel-targets.ts';
import { readSteps } from './read-steps.ts';

test('every tunnel file for every target says how it comes into force', () => {
  for (const { kind, intent } of Object.values(tunnelCases)) {
    for (const target of Object.keys(tunnelTargets) as TunnelTarget[]) {
      const made = generateTunnel(intent, { kind, target });
      if (!made.ok) continue;
      const steps = readSteps(made.value.files);
      expect(steps.length).toBeGreaterThan(0);
      for (const step of steps) expect(step.text).toMatch(/\S/);
    }
  }
});

test('the paragraph before a command, and the commands', () => {
  const text =
    '# What it is.\n#\n# It needs a line. Now:\n#     ifup tun\n#     ifdown x; ifup x\n#\n# More.\n\nauto tun\n#     not this\n';
  expect(readSteps([{ path: '/etc/x', mode: 0o644, text }])).toEqual([
    { text: 'It needs a line.', commands: ['ifup tun', 'ifdown x; ifup x'] },
  ]);
});
