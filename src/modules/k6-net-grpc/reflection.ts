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
  /** The server answered, with an error; otherwise the call failed. */
  readonly refused: boolean;

  constructor(status: number, errorCode: number, message: string, refused = false) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.refused = refused;
  }
}

/** What a server's reflection told. */
export interface Reflected {
  /** FileDescriptorProto messages, each file once. */
  readonly files: readonly Uint8Array[];
  /** Services and files that the server named but has not, and what it said of them. */
  readonly absent: ReadonlyMap<string, string>;
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
    if (refusal) throw new ReflectionError(refusal.errorCode, 1800 + refusal.errorCode, refusal.errorMessage, true);
    return answer;
  }
}

/**
 * Asks in version v1, and in v1alpha where the server has no other.
 * @param timeoutMs for all questions together
 * @returns the files that the server has, and what it lacks
 * @throws ReflectionError
 */
export async function reflect(channel: Channel, metadata: Metadata, timeoutMs: number): Promise<Reflected> {
  const deadline = performance.now() + timeoutMs;
  try {
    return await collectFiles(new Conversation(channel, metadata, deadline, 'v1'));
  } catch (error) {
    if (!(error instanceof ReflectionError) || error.status !== STATUSES.StatusUnimplemented) throw error;
    return collectFiles(new Conversation(channel, metadata, deadline, 'v1alpha'));
  }
}

/** The question may be refused without the others failing. */
async function askLeniently(conversation: Conversation, question: object): Promise<ReflectionAnswer | ReflectionError> {
  try {
    return await conversation.ask(question);
  } catch (error) {
    // A status of the call itself says that the conversation is over.
    if (error instanceof ReflectionError && error.refused) return error;
    throw error;
  }
}

/** Services without a descriptor are left out, and so are files that the server does not have: mostly only options need them. */
async function collectFiles(conversation: Conversation): Promise<Reflected> {
  const { listServicesResponse } = await conversation.ask({ listServices: '*' });
  const files = new Map<string, Uint8Array>();
  const wanted = new Set<string>();
  const absent = new Map<string, string>();
  const take = (what: string, answer: ReflectionAnswer | ReflectionError): void => {
    if (answer instanceof ReflectionError) {
      absent.set(what, answer.message);
      return;
    }
    for (const text of answer.fileDescriptorResponse?.fileDescriptorProto ?? []) {
      const bytes = Buffer.from(text, 'base64');
      const { name, dependencies } = readFileDescriptor(bytes);
      files.set(name, bytes);
      for (const dependency of dependencies) wanted.add(dependency);
    }
  };
  const names = (listServicesResponse?.service ?? []).map(({ name }) => name);
  const answers = await Promise.all(names.map((name) => askLeniently(conversation, { fileContainingSymbol: name })));
  for (const [index, answer] of answers.entries()) take(names[index]!, answer);
  for (;;) {
    const missing = [...wanted].filter((name) => !files.has(name) && !absent.has(name));
    if (missing.length === 0) break;
    const more = await Promise.all(missing.map((name) => askLeniently(conversation, { fileByFilename: name })));
    for (const [index, answer] of more.entries()) {
      const name = missing[index]!;
      take(name, answer);
      if (!files.has(name) && !absent.has(name)) absent.set(name, 'the server sent another file');
    }
  }
  return { files: [...files.values()], absent };
}
