// Which outputs the thread has, by what they are called in its protocol.
import type { ServerSpec } from './outputs-protocol.ts';
import type { ServerContext, ServerOutput } from './server-output.ts';

/** Loads only what is asked for. */
export async function createServerOutput(spec: ServerSpec, context: ServerContext): Promise<ServerOutput> {
  switch (spec.kind) {
    case 'influxdb': {
      const { InfluxOutput } = await import('../influxdb/influx-output.ts');
      return new InfluxOutput(spec.settings, context);
    }
    case 'opentelemetry': {
      const { OtelOutput } = await import('../opentelemetry/otel-output.ts');
      return new OtelOutput(spec.settings, context);
    }
    case 'prometheus': {
      const { PrometheusOutput } = await import('../prometheus/prometheus-output.ts');
      return new PrometheusOutput(spec.settings, context);
    }
  }
}
