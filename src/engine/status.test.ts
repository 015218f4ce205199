import { expect, test } from 'vitest';
import { homeReport, now } from '../testing/healthy-host.ts';
import { formatReport } from './format-report.ts';
import { deriveStatus, parseReport } from './status.ts';

const seconds = (count: number) => Date.parse(homeReport.written) + count * 1000;

test.each([
  ['running', true, 0],
  ['running', true, 45],
  ['silent', true, 46],
  ['stopped', false, 0],
  ['stopped', false, 1000],
])('%s where alive is %s and the report %d s old', (state, alive, age) => {
  expect(deriveStatus(homeReport, alive, seconds(age)).daemon).toMatchObject({ state, alive, age });
});

test('a clock that was set back makes no negative age', () => {
  expect(deriveStatus(homeReport, true, seconds(-3600)).daemon).toMatchObject({ state: 'running', age: 0 });
});

test('a daemon that hangs is told to people', () => {
  const plain = (text: string) => text;
  const colors = { bold: plain, dim: plain, green: plain, red: plain, yellow: plain };
  const text = formatReport(deriveStatus(homeReport, true, seconds(600)), now, colors);
  expect(text).toContain('\nIt has not been heard of for 10 min; this is what it told last.\n');
});

test('a report survives being written and read', () => {
  expect(parseReport(JSON.stringify(homeReport), 'state.json')).toEqual({ ok: true, value: homeReport });
});

const { translations: _, ...older } = homeReport;
test.each([
  ['daemon-missing', 'no daemon has written x/state.json yet', undefined],
  ['status-unreadable', 'it is not JSON', '{"schemaVersion": 1, "uplinks": ['],
  ['status-unreadable', 'it is not an object', '"text"'],
  ['status-unreadable', 'it is not an object', 'null'],
  ['status-unreadable', 'its schemaVersion is not 1', JSON.stringify({ ...homeReport, schemaVersion: 2 })],
  ['status-unreadable', 'translations is missing in it', JSON.stringify(older)],
  ['status-unreadable', 'written is no text', JSON.stringify({ ...homeReport, written: { toString: 1 } })],
  [
    'status-unreadable',
    'daemon.reportsEvery is no number',
    JSON.stringify({ ...homeReport, daemon: { reportsEvery: {} } }),
  ],
])('%s: %s', (code, message, text) => {
  expect(parseReport(text, 'x/state.json')).toMatchObject({
    ok: false,
    problem: { code, message: expect.stringContaining(message) as unknown, mend: expect.any(String) as unknown },
  });
});
