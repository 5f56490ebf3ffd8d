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
    case 'kafka': {
      const { KafkaOutput } = await import('../kafka/kafka-output.ts');
      return new KafkaOutput(spec.settings, context);
    }
    case 'opentelemetry': {
      const { OtelOutput } = await import('../opentelemetry/otel-output.ts');
      return new OtelOutput(spec.settings, context);
    }
    case 'prometheus': {
      const { PrometheusOutput } = await import('../prometheus/prometheus-output.ts');
      return new PrometheusOutput(spec.settings, context);
    }
    case 'statsd': {
      const { StatsdOutput } = await import('../statsd/statsd-output.ts');
      return new StatsdOutput(spec.settings, context);
    }
    case 'timescaledb': {
      const { TimescaleOutput } = await import('../timescaledb/timescale-output.ts');
      return new TimescaleOutput(spec.settings, context);
    }
    case 'traces': {
      const { TracesExporter } = await import('../opentelemetry/traces-exporter.ts');
      return new TracesExporter(spec.settings, context);
    }
  }
}
