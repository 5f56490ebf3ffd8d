import type {
  CloseNumber,
  CodeUseNumber,
  ExitNumber,
  GrpcNumber,
  Http2Number,
  HttpUseNumber,
  LitmusName,
  NamedHttpStatus,
  PlainHttpNumber,
} from '../../codes/index.ts';

/** What is said of a code of the catalogue. */
export interface CodeText {
  readonly title: string;
  readonly meaning: string;
  readonly producedBy: string;
  readonly retryAdvice: string;
  readonly look: string;
}

export interface GrpcText {
  /** In a sentence. */
  readonly meaning: string;
  /** In full. */
  readonly details: readonly string[];
  readonly producedBy: string;
  readonly fromLibrary: string;
  readonly retryAdvice: string;
  readonly look: string;
  readonly right: readonly [string, string, string];
  readonly wrong: readonly [string, string, string];
}

export interface HttpText {
  readonly meaning: string;
  readonly retryAdvice: string;
  readonly look: string;
}

export interface ErrorText {
  readonly meaning: string;
  readonly retryAdvice: string;
  readonly look: string;
}

export interface PlainText {
  readonly meaning: string;
  readonly look: string;
}

/** Examples, right and wrong. */
export interface UseText {
  readonly right: readonly [string, string, string];
  readonly wrong: readonly [string, string, string];
}

/** Uses of an HTTP status, right and wrong. */
export interface HttpUseText extends UseText {
  readonly details: string;
}

export interface LitmusText {
  readonly title: string;
  readonly questions: readonly string[];
}

/** Everything that the catalogue says, in one language. */
export interface ReferenceTexts {
  /** @param code of the catalogue that is neither an HTTP status nor a gRPC status */
  code(code: number): CodeText;
  readonly grpc: Readonly<Record<GrpcNumber, GrpcText>>;
  readonly http: Readonly<Record<NamedHttpStatus, HttpText>>;
  readonly plainHttp: Readonly<Record<PlainHttpNumber, PlainText>>;
  readonly httpUses: Readonly<Record<HttpUseNumber, HttpUseText>>;
  readonly codeUses: Readonly<Record<CodeUseNumber, UseText>>;
  readonly http2Uses: Readonly<Record<Http2Number, UseText>>;
  readonly closeUses: Readonly<Record<CloseNumber, UseText>>;
  readonly exitUses: Readonly<Record<ExitNumber, UseText>>;
  readonly http2: Readonly<Record<Http2Number, ErrorText>>;
  readonly close: Readonly<Record<CloseNumber, ErrorText>>;
  readonly exit: Readonly<Record<ExitNumber, PlainText>>;
  readonly litmus: Readonly<Record<LitmusName, LitmusText>>;
  /** Who sends an HTTP status of 400–499, and of 500–599. */
  readonly httpProducers: readonly [client: string, server: string];
}
