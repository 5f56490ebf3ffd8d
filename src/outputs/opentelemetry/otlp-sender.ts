// Sends messages of OTLP, over HTTP or as calls of gRPC on our own wire (opentelemetry.io, "OTLP Specification").

import { HttpSender, judgeAnswer } from '../http-sender.ts';
import type { PushOutcome } from '../push-queue.ts';
import { GrpcSender } from './grpc-sender.ts';
import type { OtlpTarget } from './otel-settings.ts';

export interface OtlpSender {
  /** Never rejects. */
  send(body: Uint8Array, signal: AbortSignal): Promise<PushOutcome>;
  close(): void;
}

/** @param method of gRPC: `/package.Service/Method` @throws OutputError for an endpoint that is none */
export function createOtlpSender(target: OtlpTarget, method: string): OtlpSender {
  if (target.protocol === 'grpc') return new GrpcSender(target, method);
  const { endpoint, path, insecure, headers, ca, cert, key, insecureSkipVerify, hidden } = target;
  const url = new URL(`${insecure ? 'http' : 'https'}://${endpoint}${path.startsWith('/') ? '' : '/'}${path}`);
  const sender = new HttpSender(!insecure, { ca, cert, key, insecureSkipVerify }, hidden);
  const fields = { ...Object.fromEntries(headers), 'content-type': 'application/x-protobuf' };
  return {
    send: async (body, signal) => judgeAnswer(await sender.post(url, fields, body, signal)),
    close: () => sender.close(),
  };
}
