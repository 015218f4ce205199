import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hotplugFiles } from './hotplug-files.ts';

const files = hotplugFiles({ command: ['/usr/bin/sixgate', '--config', '/srv/my config.yaml'], old: true });

test.each(files)('$path', async ({ path, mode, text }) => {
  expect(mode).toBe(0o755);
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'goldens', `${path.split('/').at(-1)}.txt`));
});

test.each(files)('$path: shellcheck finds nothing', ({ text }) => {
  const checked = spawnSync('shellcheck', ['-'], { input: text, encoding: 'utf8' });
  expect(checked.stdout).toBe('');
  expect(checked.status).toBe(0);
});

test('the old script only where it is asked for', () => {
  expect(hotplugFiles({ command: ['/usr/bin/sixgate'], old: false }).map(({ path }) => path)).toEqual([
    '/etc/xen/scripts/vif-post.d/50-sixgate.hook',
    '/etc/xen/scripts/vif-route6',
  ]);
});
