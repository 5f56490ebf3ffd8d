// What the panels of k6's published dashboards for Grafana ask Prometheus for ("k6 Prometheus", grafana.com/grafana/dashboards/19665, and
// "k6 Prometheus (Native Histograms)", 18030), as PromQL with the variables of a dashboard: `$testid`, `$quantile_stat`, `$__rate_interval`.

/** What a query has to come to. */
export type PanelValue =
  /** Some value or other that is above 0. */
  | { readonly kind: 'positive' }
  /** What the summary has, and how far off it may be as a share. */
  | {
      readonly kind: 'summary';
      readonly metric: string;
      readonly value: string;
      readonly scale: number;
      readonly within: number;
    }
  /** A series for each of these values of a label. */
  | { readonly kind: 'labels'; readonly label: string; readonly values: readonly string[] };

export interface Panel {
  readonly panel: string;
  readonly query: string;
  readonly expects: PanelValue;
}

const positive: PanelValue = { kind: 'positive' };
const exactly = (metric: string, value: string): PanelValue => ({
  kind: 'summary',
  metric,
  value,
  scale: 1,
  within: 1e-9,
});

/** Of the trend statistics that `K6_PROMETHEUS_RW_TREND_STATS` names. */
export const STAT_PANELS: readonly Panel[] = [
  { panel: 'Virtual users', query: 'sum(k6_vus{testid=~"$testid"}) + 1', expects: positive },
  { panel: 'Most virtual users', query: 'max(k6_vus_max{testid=~"$testid"})', expects: exactly('vus_max', 'value') },
  {
    panel: 'Request rate',
    query: 'sum(irate(k6_http_reqs_total{testid=~"$testid"}[$__rate_interval]))',
    expects: positive,
  },
  {
    panel: 'Failed requests',
    query:
      'sum(increase(k6_http_reqs_total{testid=~"$testid", expected_response="false"}[$__rate_interval])) or vector(1)',
    expects: positive,
  },
  {
    panel: 'HTTP requests',
    query: 'sum(k6_http_reqs_total{testid=~"$testid"})',
    expects: exactly('http_reqs', 'count'),
  },
  {
    panel: 'Requests by scenario',
    query: 'sum by (scenario) (k6_http_reqs_total{testid=~"$testid"})',
    expects: { kind: 'labels', label: 'scenario', values: ['default'] },
  },
  {
    panel: 'Requests by method',
    query: 'avg by (method) (k6_http_reqs_total{testid=~"$testid"})',
    expects: { kind: 'labels', label: 'method', values: ['GET'] },
  },
  {
    panel: 'Requests by name, method and status',
    query: 'sum by (name, method, status) (k6_http_reqs_total{testid=~"$testid"})',
    expects: { kind: 'labels', label: 'name', values: ['menu'] },
  },
  {
    panel: 'HTTP request duration',
    query: 'avg(k6_http_req_duration_$quantile_stat{testid=~"$testid"})',
    expects: { kind: 'summary', metric: 'http_req_duration', value: '$quantile_stat', scale: 1000, within: 0.01 },
  },
  ...['blocked', 'tls_handshaking', 'sending', 'waiting', 'receiving'].map(
    (part): Panel => ({
      panel: `HTTP latency timings, ${part}`,
      query: `avg by (testid) (k6_http_req_${part}_$quantile_stat{testid=~"$testid"}) + 1`,
      expects: positive,
    }),
  ),
  {
    panel: 'Latency by URL',
    query: 'avg by (name, method, status) (k6_http_req_duration_$quantile_stat{testid=~"$testid"})',
    expects: { kind: 'labels', label: 'status', values: ['200'] },
  },
  {
    panel: 'Failed request rate',
    query: 'avg(k6_http_req_failed_rate{testid=~"$testid"}) + 1',
    expects: positive,
  },
  {
    panel: 'Checks',
    query: 'k6_checks_rate{testid=~"$testid"}',
    expects: { kind: 'labels', label: 'check', values: ['is ok', 'is third'] },
  },
  {
    panel: 'Iterations',
    query: 'sum(k6_iterations_total{testid=~"$testid"})',
    expects: exactly('iterations', 'count'),
  },
  {
    // The panel takes the rate of it, of which an iteration as long as the run has none.
    panel: 'Transfer, sent',
    query: 'avg by (testid) (sum by (testid) (k6_data_sent_total{testid=~"$testid"}))',
    expects: exactly('data_sent', 'count'),
  },
  {
    panel: 'Data received',
    query: 'sum by (testid) (k6_data_received_total{testid=~"$testid"})',
    expects: exactly('data_received', 'count'),
  },
  {
    panel: 'Metrics of the script',
    query: 'k6_pizzas_total{testid=~"$testid"}',
    expects: { kind: 'labels', label: 'kind', values: ['Größe €'] },
  },
];

export const NATIVE_PANELS: readonly Panel[] = [
  {
    panel: 'HTTP request duration by quantile',
    query: 'histogram_quantile(0.95, sum(k6_http_req_duration_seconds{testid=~"$testid"}))',
    expects: { kind: 'summary', metric: 'http_req_duration', value: 'p(95)', scale: 1000, within: 0.1 },
  },
  {
    panel: 'HTTP request duration over time',
    query: 'histogram_quantile(0.99, sum(rate(k6_http_req_duration_seconds{testid=~"$testid"}[$__rate_interval])))',
    expects: positive,
  },
  {
    panel: 'Mean',
    query:
      'histogram_sum(sum(k6_http_req_duration_seconds{testid=~"$testid"})) / histogram_count(sum(k6_http_req_duration_seconds{testid=~"$testid"}))',
    expects: { kind: 'summary', metric: 'http_req_duration', value: 'avg', scale: 1000, within: 1e-9 },
  },
  {
    panel: 'Latency by name, method and status',
    query: 'histogram_quantile(0.99, sum by (name, method, status) (k6_http_req_duration_seconds{testid=~"$testid"}))',
    expects: { kind: 'labels', label: 'name', values: ['menu'] },
  },
  { panel: 'Virtual users', query: 'sum(k6_vus{testid=~"$testid"}) + 1', expects: positive },
  {
    panel: 'HTTP requests',
    query: 'sum(k6_http_reqs_total{testid=~"$testid"})',
    expects: exactly('http_reqs', 'count'),
  },
];
