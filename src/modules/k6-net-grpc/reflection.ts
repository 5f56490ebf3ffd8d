// Server reflection: the file descriptors of all services of a server. Each question is a stream of one message.
import type { Channel } from '../../wire/grpc/channel.ts';
import type { Metadata } from '../../wire/grpc/metadata.ts';
import { readFileDescriptor } from '../../wire/protobuf/schema/file-descriptor.ts';
import { STATUSES } from './constants.ts';
import { ownMethod } from './own-schemas.ts';

interface ReflectionAnswer {
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly string[] };
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
  readonly errorResponse?: { readonly errorCode: number; readonly errorMessage: string };
}

/** What a server said instead of an answer. */
export class ReflectionError extends Error {
  override readonly name = 'ReflectionError';
  readonly status: number;
  readonly errorCode: number;

  constructor(status: number, errorCode: number, message: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}

const noTypes = (): undefined => undefined;

class Conversation {
  readonly #channel: Channel;
  readonly #metadata: Metadata;
  readonly #deadline: number;
  readonly #version: string;

  constructor(channel: Channel, metadata: Metadata, deadline: number, version: string) {
    this.#channel = channel;
    this.#metadata = metadata;
    this.#deadline = deadline;
    this.#version = version;
  }

  async ask(question: object): Promise<ReflectionAnswer> {
    const path = `/grpc.reflection.${this.#version}.ServerReflection/ServerReflectionInfo`;
    const method = ownMethod(path);
    const result = await this.#channel.unary({
      path,
      metadata: this.#metadata,
      message: method.input.encode(question, noTypes),
      timeoutMs: Math.max(1, this.#deadline - performance.now()),
    });
    if (result.status !== 0 || !result.message) {
      throw new ReflectionError(result.status, result.errorCode, result.statusMessage);
    }
    const answer = method.output.decode(result.message, noTypes) as ReflectionAnswer;
    const refusal = answer.errorResponse;
    if (refusal) throw new ReflectionError(refusal.errorCode, 1800 + refusal.errorCode, refusal.errorMessage);
    return answer;
  }
}

/**
 * Asks in version v1, and in v1alpha where the server has no other.
 * @param timeoutMs for all questions together
 * @returns FileDescriptorProto messages, each file once
 * @throws ReflectionError
 */
export async function reflect(channel: Channel, metadata: Metadata, timeoutMs: number): Promise<Uint8Array[]> {
  const deadline = performance.now() + timeoutMs;
  try {
    return await collectFiles(new Conversation(channel, metadata, deadline, 'v1'));
  } catch (error) {
    if (!(error instanceof ReflectionError) || error.status !== STATUSES.StatusUnimplemented) throw error;
    return collectFiles(new Conversation(channel, metadata, deadline, 'v1alpha'));
  }
}

async function collectFiles(conversation: Conversation): Promise<Uint8Array[]> {
  const { listServicesResponse } = await conversation.ask({ listServices: '*' });
  const files = new Map<string, Uint8Array>();
  const missing = new Set<string>();
  const take = (answer: ReflectionAnswer): void => {
    for (const text of answer.fileDescriptorResponse?.fileDescriptorProto ?? []) {
      const bytes = Buffer.from(text, 'base64');
      const { name, dependencies } = readFileDescriptor(bytes);
      files.set(name, bytes);
      missing.delete(name);
      for (const dependency of dependencies) if (!files.has(dependency)) missing.add(dependency);
    }
  };
  const services = listServicesResponse?.service ?? [];
  for (const answer of await Promise.all(services.map(({ name }) => conversation.ask({ fileContainingSymbol: name }))))
    take(answer);
  while (missing.size > 0) {
    const names = [...missing];
    missing.clear();
    for (const answer of await Promise.all(names.map((name) => conversation.ask({ fileByFilename: name }))))
      take(answer);
    for (const name of names) {
      if (!files.has(name))
        throw new ReflectionError(STATUSES.StatusNotFound, 1805, `the server did not send the file ${name}`);
    }
  }
  return [...files.values()];
}
