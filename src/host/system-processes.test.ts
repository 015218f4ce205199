import { buildSync } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Follower } from './host.ts';
import { systemProcesses } from './system-processes.ts';

const run: typeof systemProcesses.run = (command) => systemProcesses.run(command);
const follow: typeof systemProcesses.follow = (command) => systemProcesses.follow(command);
const signal: typeof systemProcesses.signal = (pid, name) => systemProcesses.signal(pid, name);

describe('run', () => {
  test('what it printed and how it ended; any exit code is a value', async () => {
    const script = 'cat; echo bad >&2; echo "$LC_ALL"; exit 3';
    expect(await run({ argv: ['sh', '-c', script], input: 'given\n' })).toEqual({
      ok: true,
      value: { code: 3, stdout: 'given\nC\n', stderr: 'bad\n' },
    });
  });

  test('arguments are no shell text', async () => {
    expect(await run({ argv: ['printf', '%s', '$(id); *'] })).toMatchObject({ value: { stdout: '$(id); *' } });
  });

  test('much output, and text that is cut between its bytes', async () => {
    const output = await run({ argv: ['sh', '-c', 'for i in $(seq 20000); do printf "ü%s" ""; done'] });
    expect(output.ok && output.value.stdout).toBe('ü'.repeat(20_000));
  });

  test('a program that does not read its input is not our end', async () => {
    expect(await run({ argv: ['true'], input: 'x'.repeat(1_000_000) })).toMatchObject({ value: { code: 0 } });
  });

  test('one that opens /dev/stdin gets a file', async () => {
    const argv = ['cat', '/dev/stdin'] as const;
    expect(await run({ argv, input: 'text', opensInput: true })).toMatchObject({ value: { code: 0, stdout: 'text' } });
    expect(await run({ argv, opensInput: true })).toMatchObject({ value: { code: 0, stdout: '' } });
    expect(await run({ argv, input: 'text' })).toMatchObject({ value: { code: 1 } });
  });

  test("names that others plant where its file is made are in nobody's way", async () => {
    const planted = Array.from({ length: 200 }, (_, serial) => `/dev/shm/.sixgate-${process.pid}-${serial}`);
    for (const path of planted) writeFileSync(path, 'planted');
    try {
      expect(await run({ argv: ['cat', '/dev/stdin'], input: 'text', opensInput: true })).toMatchObject({
        value: { stdout: 'text' },
      });
    } finally {
      for (const path of planted) rmSync(path);
    }
  });

  test('no room for its input, no descriptors, arguments too long: problems, no ends', () => {
    const script = `
      import { openSync } from 'node:fs';
      import { systemProcesses } from ${JSON.stringify(`${import.meta.dirname}/system-processes.ts`)};
      const told = [];
      const run = async (command) => told.push((await systemProcesses.run(command)).problem?.code);
      await run({ argv: ['true', 'x'.repeat(3_000_000)] });
      const opened = [];
      try { for (;;) opened.push(openSync('/dev/null')); } catch {}
      await run({ argv: ['true'] });
      await run({ argv: ['cat', '/dev/stdin'], input: 'x', opensInput: true });
      await new Promise((resolve) => systemProcesses.follow({ argv: ['true'], onLine() {}, onEnd: (how) => { told.push(how.length > 0); resolve(); } }));
      console.log(JSON.stringify(told));
      process.exit(0);`;
    const built = buildSync({
      stdin: { contents: script, resolveDir: import.meta.dirname },
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
    });
    const output = execFileSync('sh', ['-c', 'ulimit -n 64; exec "$0" --input-type=module', process.execPath], {
      input: built.outputFiles[0]!.text,
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toEqual(['tool-killed', 'tool-killed', 'tool-killed', true]);
  });

  test('one that is kept ready is started before it is asked for, and anew for the next time', async () => {
    const argv = ['sh', '-c', 'begun=$(date +%s%3N); read -r line; echo "$line $begun $$"'] as const;
    const release = systemProcesses.keepReady(argv);
    const seen = new Set<string>();
    for (const word of ['one', 'two', 'three']) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      const asked = Date.now();
      const output = await run({ argv, input: `${word}\n` });
      const [said, begun, pid] = output.ok ? output.value.stdout.trim().split(' ') : [];
      expect(said).toBe(word);
      expect(Number(begun)).toBeLessThan(asked);
      seen.add(pid!);
    }
    expect(seen.size).toBe(3);
    release();
  });

  test('one that was kept ready and is gone by then is started again', async () => {
    const argv = ['sh', '-c', 'exit 4'] as const;
    const release = systemProcesses.keepReady(argv);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await run({ argv })).toMatchObject({ ok: true, value: { code: 4 } });
    release();
  });

  test('too slow: killed', async () => {
    const started = performance.now();
    const ended = await run({ argv: ['sleep', '20'], timeout: 50 });
    expect(ended).toMatchObject({
      ok: false,
      problem: { code: 'tool-timeout', message: 'sleep did not end within 50 ms' },
    });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('too slow with children that hold its output: not waited for', async () => {
    const started = performance.now();
    expect(await run({ argv: ['sh', '-c', 'sleep 3 & wait'], timeout: 50 })).toMatchObject({
      problem: { code: 'tool-timeout' },
    });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('not there, not a program, killed by somebody', async () => {
    expect(await run({ argv: ['no-such-tool-at-all'] })).toMatchObject({ problem: { code: 'tool-missing' } });
    expect(await run({ argv: ['/etc/passwd'] })).toMatchObject({ problem: { code: 'tool-killed' } });
    expect(await run({ argv: ['sh', '-c', 'kill -9 $$'] })).toMatchObject({ problem: { code: 'tool-killed' } });
  });
});

describe('follow', () => {
  const start = (argv: [string, ...string[]]) => {
    const lines: string[] = [];
    const ends: string[] = [];
    const follower: Follower = follow({ argv, onLine: (line) => lines.push(line), onEnd: (how) => ends.push(how) });
    return { follower, lines, ends };
  };

  test('line by line, also for an answer to what is written', async () => {
    const { follower, lines, ends } = start(['cat']);
    follower.write('one\ntw');
    await expect.poll(() => lines).toEqual(['one']);
    follower.write('o\n');
    await expect.poll(() => lines).toEqual(['one', 'two']);
    expect(ends).toEqual([]);
    await follower.stop();
    expect(ends).toHaveLength(1);
    expect(signal(follower.pid!, 0)).toBe(false);
  });

  test('its end is told once, with its last words', async () => {
    const { follower, ends } = start(['sh', '-c', 'echo first >&2; echo last >&2; exit 4']);
    await expect.poll(() => ends).toEqual(['sh ended with exit code 4: last']);
    await follower.stop();
    expect(ends).toHaveLength(1);
  });

  test('what is not there ends at once', async () => {
    const { ends } = start(['no-such-tool-at-all']);
    await expect.poll(() => ends).toHaveLength(1);
    expect(ends[0]).toMatch(/no-such-tool-at-all/);
  });

  test('what it started lives on and holds its pipes open: its end is told all the same', async () => {
    const { follower, lines, ends } = start(['sh', '-c', 'sleep 60 & echo $!; wait']);
    await expect.poll(() => lines).toHaveLength(1);
    await follower.stop();
    expect(ends).toHaveLength(1);
    expect(signal(Number(lines[0]), 'SIGTERM')).toBe(true);
  });

  test('one that takes no SIGTERM is killed', async () => {
    const { follower, lines, ends } = start(['sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 0.1; done']);
    await expect.poll(() => lines).toEqual(['ready']);
    await follower.stop();
    expect(ends[0]).toMatch(/SIGKILL/);
  }, 8000);
});

test('signal: a process that is there, and one that is not', () => {
  expect(signal(process.pid, 0)).toBe(true);
  expect(signal(1, 0)).toBe(true);
  expect(signal(2 ** 22 + 1, 0)).toBe(false);
});
