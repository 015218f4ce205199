import { describe, expect, test } from 'vitest';
import { streamLog, type LogFormat, type LogLevel } from './log.ts';

function written(format: LogFormat, level: LogLevel): string[] {
  const lines: string[] = [];
  const log = streamLog((text) => void lines.push(text), { format, level, now: () => 1_000_000_000_000 });
  log.info('dsl has\n  a prefix', { event: 'change', tookMs: 12.5 });
  log.warn('it is gone', { event: 'problem', code: 'interface-missing', mend: 'Plug it in.' });
  log.error('no way');
  return lines;
}

describe('a line for an event', () => {
  test('text', () => {
    expect(written('text', 'info')).toEqual([
      '2001-09-09T01:46:40.000Z dsl has a prefix\n',
      '2001-09-09T01:46:40.000Z warning: it is gone. Plug it in.\n',
      '2001-09-09T01:46:40.000Z error: no way\n',
    ]);
  });
  test('journald', () => {
    expect(written('journald', 'info')).toEqual([
      '<6>dsl has a prefix\n',
      '<4>it is gone. Plug it in.\n',
      '<3>no way\n',
    ]);
  });
  test('json', () => {
    expect(written('json', 'info').map((line) => JSON.parse(line) as object)).toEqual([
      { time: '2001-09-09T01:46:40.000Z', level: 'info', message: 'dsl has a prefix', event: 'change', tookMs: 12.5 },
      {
        time: '2001-09-09T01:46:40.000Z',
        level: 'warning',
        message: 'it is gone',
        event: 'problem',
        code: 'interface-missing',
        mend: 'Plug it in.',
      },
      { time: '2001-09-09T01:46:40.000Z', level: 'error', message: 'no way' },
    ]);
  });
  test('a level leaves out what counts less', () => {
    expect(written('journald', 'warning')).toHaveLength(2);
    expect(written('journald', 'error')).toEqual(['<3>no way\n']);
  });
});
