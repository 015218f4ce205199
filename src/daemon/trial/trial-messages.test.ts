import { expect, test } from 'vitest';
import { parseDaemonRequest } from './trial-messages.ts';

const sources = [{ name: 'config.yaml', text: 'uplinks: {}' }];

test('what a daemon is asked', () => {
  for (const ask of ['where', 'keep', 'back'] as const) expect(parseDaemonRequest({ ask, more: 1 })).toEqual({ ask });
  expect(parseDaemonRequest({ ask: 'try', sources, within: 1000 })).toEqual({ ask: 'try', sources, within: 1000 });
});

test.each([
  null,
  undefined,
  1,
  'where',
  [],
  {},
  { ask: 'shut down' },
  { ask: 'try' },
  { ask: 'try', sources, within: -1 },
  { ask: 'try', sources, within: '5' },
  { ask: 'try', sources: [{ name: 'a' }], within: 1 },
  { ask: 'try', sources: [null], within: 1 },
  { ask: 'try', sources: 'x', within: 1 },
])('%j is none of it', (message) => {
  expect(parseDaemonRequest(message)).toBeUndefined();
});
