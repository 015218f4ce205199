import { describe, expect, test } from 'vitest';
import { nearest } from './nearest.ts';

describe('nearest', () => {
  const keys = ['interface', 'prefix', 'tcp', 'udp', 'id', 'uplinks', 'networks', 'translate'];
  test.each([
    ['interfce', 'interface'],
    ['iface', 'interface'],
    ['Prefix', 'prefix'],
    ['perfix', 'prefix'],
    ['tpc', 'tcp'],
    ['uplink', 'uplinks'],
    ['network', 'networks'],
    ['translation', 'translate'],
    ['ID', 'id'],
    ['blah', undefined],
    ['', undefined],
    ['x'.repeat(100), undefined],
  ])('%s: %s', (word, meant) => {
    expect(nearest(word, keys)).toBe(meant);
  });

  test('the first of equally near ones, and none of none', () => {
    expect(nearest('lan3', ['lan1', 'lan2'])).toBe('lan1');
    expect(nearest('lan', [])).toBeUndefined();
  });
});
