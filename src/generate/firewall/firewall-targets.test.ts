import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { firewallIntents } from '../../testing/firewall-intents.ts';
import { firewallTargets } from './firewall-targets.ts';

describe.each(Object.entries(firewallTargets))('generate firewall --for %s', (target, generate) => {
  test.each(Object.keys(firewallIntents))('%s', async (name) => {
    const { path, mode, text } = generate(firewallIntents[name]!);
    expect(path).toMatch(/^\/etc\/sixgate\/firewall\.\w+$/);
    expect(mode).toBe(0o644);
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'goldens', target, `${name}.txt`));
  });

  test.each(['a"b', 'a\\b', 'a\nb'])('the interface name %j is a mistake of ours', (name) => {
    expect(() => generate({ uplinks: [name], translations: [] })).toThrow(RangeError);
  });
});
