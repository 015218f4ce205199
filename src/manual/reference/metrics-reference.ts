import { formatMetrics } from '../../server/format-metrics.ts';
import { code, page, sentence, table } from './markdown.ts';
import { sampleStatus } from './sample-status.ts';

/** docs/reference/metrics.md, out of what /metrics says of a status that has something of everything. */
export function metricsReference(): string {
  const numbers = { connections: 1, streams: 1, refusedConnections: 0, answers: new Map([[200, 1]]) };
  const text = formatMetrics(sampleStatus, numbers, Date.parse(sampleStatus.written));
  return page(
    'Metrics',
    'What `sixgate serve` answers on `/metrics`, in the text format of Prometheus; [how to read them](../serve.md#prometheus-and-grafana). A ' +
      'metric without a value is left out, such as the state of a fail-over on a router that is alone.',
    table(
      ['metric', 'kind', 'labels', 'is'],
      [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)\n(.*)/gm)].map(
        ([, name = '', help = '', kind = '', sample = '']) => [
          code(name),
          kind,
          kind === 'histogram'
            ? '`le`'
            : [...sample.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => code(label)).join(', '),
          sentence(help),
        ],
      ),
    ),
  );
}
