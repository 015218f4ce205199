import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../lab/repository.ts';

const config = `
uplinks: { dsl: { interface: lo, prefix: { from: static, prefix: "2001:db8:a::/58" } } }
networks: { home: { prefix: "fd12:3456:789a::/58", subnets: { lan: { id: 0 } } } }
translate: [{ network: home, uplink: dsl }]
`;

test('SIGHUP before the start is over is kept until it is', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sixgate-reload-'));
  writeFileSync(join(directory, 'config.yaml'), config);
  const where = `--config ${directory}/config.yaml --runtime-dir ${directory}/run --state-dir ${directory}/state`;
  const argv = ['-n', join(repositoryRoot, 'bin/sixgate'), 'run', ...where.split(' ')];
  const daemon = spawn('unshare', argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => daemon.once('exit', (code, signal) => resolve(code ?? signal)));
  let said = '';
  daemon.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  try {
    // Its socket is the first thing that it makes, long before its guard stands.
    for (let tries = 0; !existsSync(join(directory, 'run/control.sock')) && tries < 2000; tries++) await sleep(2);
    daemon.kill('SIGHUP');
    await expect.poll(() => said, { timeout: 10_000 }).toContain('the configuration was read again');
    daemon.kill('SIGTERM');
    expect(await ended).toBe(0);
  } finally {
    daemon.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }
});
