// `k6/metrics`: metrics of the script's own (https://grafana.com/docs/k6/latest/javascript-api/k6-metrics/).
import type { Metric, MetricType } from '../../metrics/metric.ts';
import { createAttachedState } from '../../script/attached-state.ts';
import { addCustomTags } from '../../vu/custom-tags.ts';
import type { HostModule, VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';

export const metricsModule: HostModule = {
  specifier: 'k6/metrics',
  create(environment) {
    const classes = {
      Counter: createMetricClass(environment, 'Counter', 'counter'),
      Gauge: createMetricClass(environment, 'Gauge', 'gauge'),
      Rate: createMetricClass(environment, 'Rate', 'rate'),
      Trend: createMetricClass(environment, 'Trend', 'trend'),
    };
    const exports = { named: classes };
    return () => exports;
  },
};

function createMetricClass(environment: VuEnvironment, className: string, type: MetricType): unknown {
  const { realm } = environment;
  const metrics = createAttachedState<Metric>();
  return realm.hostClass({
    name: className,
    length: 1,
    construct(self, { 0: name, 1: isTime }) {
      const vu = realm.vu as VirtualUser;
      if (vu.phase !== 'init') throw realm.error('Error', 'metrics must be declared in the init context');
      const metric = environment.registry.define(String(name ?? ''), type, isTime ? 'time' : 'default');
      metrics.attach(self, metric);
      Object.defineProperty(self, 'name', {
        value: metric.name,
        enumerable: true,
        writable: false,
        configurable: false,
      });
    },
    methods: {
      add: {
        length: 2,
        impl(this: unknown, value: unknown, tags: unknown) {
          const metric = metrics.of(this);
          if (metric === null)
            throw realm.error('TypeError', `add() was called on something that is not a ${className}`);
          const vu = realm.vu as VirtualUser;
          vu.forbidInit('adding to a metric');
          const number = toSampleValue(value);
          if (Number.isNaN(number)) {
            const shown = typeof value === 'object' && value !== null ? 'an object' : `'${String(value)}'`;
            const message = `${shown} is an invalid value for metric '${metric.name}', a number or a boolean value is expected`;
            if (environment.options.throw) throw realm.error('TypeError', message);
            environment.logger.log('warning', message);
            return false;
          }
          environment.samples.add(metric, addCustomTags(realm, vu.tags, tags), number, environment.now());
          return true;
        },
      },
    },
  }).constructor;
}

/**
 * What arithmetic makes of a value; NaN for what is nothing. What counts as true without being a number, such as `[]`, is 1.
 * @throws what a conversion of the script's own throws
 */
function toSampleValue(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === null || typeof value === 'symbol') return Number.NaN;
  const number = Number(value);
  return number === 0 && value ? 1 : number;
}
