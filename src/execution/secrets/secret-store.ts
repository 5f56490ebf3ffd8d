// The secrets of a run: all sources, what has been asked of them, and what must therefore not be shown.

import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { ExtensionError, type ExtensionPlace, findExtension } from '../../extension/find-extension.ts';
import { suggestName } from '../../options/closest-name.ts';
import type { Environment } from '../../options/environment.ts';
import { openPackagedSource } from './extension-source.ts';
import { openFileSource } from './file-source.ts';
import { openMockSource } from './mock-source.ts';
import { Redactor } from './redactor.ts';
import { badSource, parseSourceDescription, type SecretSource, type SourceDescription } from './secret-source.ts';
import { readUrlSettings } from './url-settings.ts';
import { openUrlSource } from './url-source.ts';

type Open = (description: SourceDescription, env: Environment) => SecretSource;

const TYPES: Readonly<Record<string, Open>> = {
  file: openFileSource,
  mock: openMockSource,
  url: (description, env) => openUrlSource(readUrlSettings(description, env)),
};

/** What a source without a name is called. */
const DEFAULT_NAME = 'default';

export class SecretStore {
  /** Knows each secret from the moment on that it is handed out. */
  readonly redactor: Redactor;
  readonly #sources = new Map<string, SecretSource>();
  readonly #default: SecretSource | null;
  readonly #asked = new Map<SecretSource, Map<string, Promise<string>>>();

  /**
   * @param specifications of `--secret-source`
   * @param env the environment of the process
   * @param own a source that needs no description, the default one
   * @throws ExitError 255 for a source that cannot be had; 104 for the cloud's
   */
  constructor(
    specifications: readonly string[] = [],
    env: Environment = {},
    redactor = new Redactor(),
    own: SecretSource | null = null,
  ) {
    this.redactor = redactor;
    let marked = own;
    if (own !== null) this.#sources.set(DEFAULT_NAME, own);
    for (const specification of specifications) {
      const description = parseSourceDescription(specification);
      const name = description.name ?? DEFAULT_NAME;
      if (this.#sources.has(name) || (description.isDefault && marked !== null))
        throw badSource(
          description.isDefault && marked !== null
            ? 'two sources are marked as the default one'
            : `there are two sources ${description.name === null ? 'without a name' : `"${name}"`}: give each a name of its own, as in file=secrets.txt,name=other`,
        );
      const source = openSource(description, env);
      this.#sources.set(name, source);
      if (description.isDefault) marked = source;
    }
    const [only] = this.#sources.size === 1 ? this.#sources.values() : [];
    this.#default = marked ?? only ?? this.#sources.get(DEFAULT_NAME) ?? null;
  }

  /**
   * Gets a secret; each is asked for once.
   * @param source its name; null: the default one
   * @throws Error for the script: no such source, no such secret, or it cannot be had
   */
  async get(source: string | null, key: string): Promise<string> {
    const found = this.#find(source);
    let known = this.#asked.get(found);
    if (known === undefined) this.#asked.set(found, (known = new Map()));
    let pending = known.get(key);
    if (pending === undefined) {
      pending = this.#ask(found, key);
      known.set(key, pending);
      // The next one who asks may have more luck.
      pending.catch(() => known.delete(key));
    }
    return pending;
  }

  #find(name: string | null): SecretSource {
    if (this.#sources.size === 0)
      throw new Error(
        'there is no source of secrets: name one with --secret-source, as in --secret-source=file=secrets.txt',
      );
    const names = [...this.#sources.keys()];
    if (name === null) {
      if (this.#default !== null) return this.#default;
      throw new Error(
        `none of the ${names.length} sources of secrets is the default one: mark it with ",default", or ask secrets.source(name), which is one of ${names.join(', ')}`,
      );
    }
    const source = this.#sources.get(name) ?? (name === DEFAULT_NAME ? this.#default : null);
    if (source) return source;
    throw new Error(
      `there is no source of secrets "${name}"${suggestName(name, names)}: there are ${names.join(', ')}`,
    );
  }

  async #ask(source: SecretSource, key: string): Promise<string> {
    let value: string | undefined;
    try {
      value = await source.get(key);
    } catch (error) {
      throw new Error(`the secret "${key}" could not be had from ${source.description}: ${(error as Error).message}`);
    }
    if (value === undefined)
      throw new Error(`there is no secret "${key}" in ${source.description}${suggestName(key, source.keys ?? [])}`);
    this.redactor.add(value);
    return value;
  }
}

function openSource(description: SourceDescription, env: Environment): SecretSource {
  const { type } = description;
  if (type === 'cloud')
    throw new ExitError(
      EXIT.invalidConfig,
      "--secret-source: the source cloud belongs to k6's cloud; use file, mock or url",
    );
  if (!Object.hasOwn(TYPES, type)) {
    const place = findPackaged(type);
    if (place !== null) return openPackagedSource(place, description, env);
    const types = Object.keys(TYPES);
    throw badSource(`there is no type of source "${type}"${suggestName(type, types)}: use ${types.join(', ')}`);
  }
  return TYPES[type]!(description, env);
}

/** Secrets are opened before the script is looked at, so packages are looked for above the folder that the program runs in. */
function findPackaged(type: string): ExtensionPlace | null {
  try {
    return findExtension('secretSources', type, process.cwd());
  } catch (error) {
    if (error instanceof ExtensionError) throw badSource(error.message);
    throw error;
  }
}
