// What the messages of OTLP have in common (opentelemetry/proto/common/v1/common.proto, resource/v1/resource.proto).
import type { ProtobufWriter } from '../protobuf-writer.ts';

/** A KeyValue with a text, or a whole number from 0 on. */
export function writeAttribute(writer: ProtobufWriter, field: number, key: string, value: string | number): void {
  writer.message(field, () => {
    writer.text(1, key);
    writer.message(2, () => (typeof value === 'string' ? writer.text(1, value) : writer.integer(3, value)));
  });
}

/** The first field of ResourceMetrics and ResourceSpans alike. */
export function writeResource(writer: ProtobufWriter, serviceName: string, serviceVersion: string): void {
  writer.message(1, () => {
    writeAttribute(writer, 1, 'service.name', serviceName);
    writeAttribute(writer, 1, 'service.version', serviceVersion);
  });
}
