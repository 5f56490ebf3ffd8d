// What an extension of Sixfold is: the types that its author writes to (docs/extensions.md). A package needs nothing of it
// when it runs.
import type { Duplex } from 'node:stream';

/** The version of what stands in this file, `api` in a package's manifest. A change that breaks packages raises it. */
export const EXTENSION_API = 1;

/** `sixfold` in the package.json of an extension: files by what they give, relative to the package. */
export interface ExtensionManifest {
  readonly api: number;
  /** By what scripts import: `k6/x/queue`. */
  readonly modules?: Readonly<Record<string, string>>;
  /** By the type that `--out` names. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** By the type that `--secret-source` names. */
  readonly secretSources?: Readonly<Record<string, string>>;
}

/** The default export of a file under `modules`. */
export interface ExtensionModule {
  /**
   * Runs once in each load worker, before code of the script does.
   * @returns what scripts import, by name; the default export is all of it
   */
  create(host: ModuleHost): ModuleMembers | Promise<ModuleMembers>;
}

/** Functions and classes; anything else is data, of which each virtual user gets a copy. */
export type ModuleMembers = Readonly<Record<string, FunctionMember | ClassMember | Data>>;

/** What crosses between script and extension, as a copy: plain objects and lists of it, at any depth. */
export type Data =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Date
  | readonly Data[]
  | { readonly [key: string]: Data };

export interface FunctionMember {
  /**
   * `plain` returns at once, `blocking` suspends the virtual user that calls it, and no other, until its promise is settled, `promise`
   * gives the script a promise.
   */
  readonly kind: 'plain' | 'blocking' | 'promise';
  /** @param args copies of what the script gave: numbers, texts, bytes, lists and objects, never a function */
  // biome-ignore lint/suspicious/noExplicitAny: a script may call it with anything
  run(call: Call, ...args: any[]): unknown;
}

export interface ClassMember {
  readonly kind: 'class';
  /** @returns what the methods get as `state`: it stays on this side, where scripts cannot see it */
  // biome-ignore lint/suspicious/noExplicitAny: a script may call it with anything
  construct(call: Call, ...args: any[]): object;
  readonly methods: Readonly<Record<string, MethodMember>>;
}

export interface MethodMember {
  readonly kind: FunctionMember['kind'];
  // biome-ignore lint/suspicious/noExplicitAny: the state is the extension's own, and a script may call it with anything
  run(call: Call, state: any, ...args: any[]): unknown;
}

/** A load worker, for the module. */
export interface ModuleHost {
  /** Defines a metric, which thresholds and outputs know by its name. @throws Error where the name is taken by another kind */
  metric(
    name: string,
    type: 'counter' | 'gauge' | 'rate' | 'trend',
    contains?: 'default' | 'time' | 'data',
  ): ExtensionMetric;
  log(level: 'debug' | 'info' | 'warning' | 'error', message: string): void;
}

export interface ExtensionMetric {
  /** Adds a sample, with the tags of the calling virtual user and these over them; in the init code nothing is measured. */
  add(call: Call, value: number, tags?: Readonly<Record<string, string>>): void;
}

/** One call of a script. */
export interface Call {
  /** From 1 on, over the whole test; 0 for the one of init code, setup and teardown. */
  readonly vu: number;
  /** From 0 on; -1 before the first. */
  readonly iteration: number;
  readonly phase: 'init' | 'setup' | 'iteration' | 'teardown' | 'summary';
  /** Aborted when the iteration is interrupted: nobody waits for the result any more. */
  readonly signal: AbortSignal;
  /**
   * Connects as HTTP does: by the test's `hosts`, `dns`, `blacklistIPs`, `blockHostnames`, `localIPs` and TLS options, its bytes counted.
   * @throws Error whose `code` is a number of the catalogue of codes
   */
  connect(target: ConnectTarget): Promise<Duplex>;
  /** Called when the virtual user is given up: what it holds open is closed there. */
  onEnd(close: () => void): void;
}

export interface ConnectTarget {
  readonly host: string;
  readonly port: number;
  readonly tls?: boolean;
  /** For look-up, connecting and handshake, in ms; 30,000 where it is left out. */
  readonly timeoutMs?: number;
}

/** The default export of a file under `outputs`. */
export interface ExtensionOutput {
  /** @param argument what stands behind `--out TYPE=`; empty without */
  create(context: {
    readonly argument: string;
    readonly env: Readonly<Record<string, string | undefined>>;
  }): OutputTarget | Promise<OutputTarget>;
}

export interface OutputTarget {
  /** Takes samples in at once, in batches of 50 ms; writing may come later. */
  addSamples(samples: readonly Sample[]): void;
  /** The run is over: writes what is left. What it throws is said: the output is not complete. */
  stop(): void | Promise<void>;
}

export interface Sample {
  readonly metric: string;
  readonly type: 'counter' | 'gauge' | 'rate' | 'trend';
  readonly contains: 'default' | 'time' | 'data';
  readonly value: number;
  /** Milliseconds since the epoch, with fractions. */
  readonly time: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** The default export of a file under `secretSources`. */
export interface ExtensionSecretSource {
  /** @param settings what stands behind `--secret-source=TYPE=`, by key; an item without `=` has the key '' */
  create(context: {
    readonly settings: Readonly<Record<string, string>>;
    readonly env: Readonly<Record<string, string | undefined>>;
  }): SecretTarget | Promise<SecretTarget>;
}

export interface SecretTarget {
  /** @returns undefined where there is no such secret @throws Error whose message shows no secret */
  get(key: string): string | undefined | Promise<string | undefined>;
}
