// Compiled scripts from run to run: what takes a second to join and compile is there in milliseconds, as long as nothing has changed.
import { deserialize, serialize } from 'node:v8';
import { builtName } from '../../node/built-name.ts';
import { KeptFiles } from '../../node/kept-files.ts';
import { nodeCrypto } from '../../node/late-builtins.ts';
import type { CodeCaches, Program } from '../program.ts';
import {
  changedSince,
  findPremises,
  type ProgramInputs,
  type ProgramPremises,
  premisesHold,
} from './program-premises.ts';
import type { RemoteModules } from './remote/remote-modules.ts';

/** Programs that are kept; those not used for longest go first. */
const MOST_KEPT = 32;
/** Below that compiling takes as long as looking whether it is needed. */
export const WORTH_KEEPING = 32 * 1024;

/** What decides about the outcome beside the files. */
export interface ProgramKey {
  /** The script, an absolute path. */
  readonly file: string;
  readonly instrument: readonly string[];
  readonly perVu: readonly string[];
  readonly compatibilityMode: string;
}

interface Kept {
  /** Which compiler, and which engine the code caches are for. */
  readonly maker: string;
  readonly key: ProgramKey;
  readonly premises: ProgramPremises;
  readonly program: Program;
  readonly codeCaches: CodeCaches | null;
}

/** As it is written: the long texts in UTF-8, which takes half the room of what the engine would write, and less time. */
interface Written extends Omit<Kept, 'program'> {
  readonly program: Omit<Program, 'code'>;
  readonly texts: Readonly<Record<'code' | 'map' | 'sharedCode' | 'sharedMap', Uint8Array | null>>;
}

function toWritten({ program, ...rest }: Kept): Written {
  const { code, origin, shared, ...others } = program;
  return {
    ...rest,
    program: { ...others, origin: { ...origin, map: null }, shared: shared && { ...shared, code: '', map: '' } },
    texts: {
      code: Buffer.from(code),
      map: origin.map === null ? null : Buffer.from(origin.map),
      sharedCode: shared && Buffer.from(shared.code),
      sharedMap: shared && Buffer.from(shared.map),
    },
  };
}

function fromWritten({ program, texts, codeCaches, ...rest }: Written): Kept {
  const textOf = (bytes: Uint8Array | null): string =>
    bytes === null ? '' : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  const { origin, shared } = program;
  // What was read is views of the whole file, which each worker would be sent with them.
  const ownBytes = (bytes: Uint8Array | null): Uint8Array | null => bytes && new Uint8Array(bytes);
  return {
    ...rest,
    codeCaches: codeCaches && { program: ownBytes(codeCaches.program), shared: ownBytes(codeCaches.shared) },
    program: {
      ...program,
      segments: new Int32Array(program.segments),
      lineStarts: new Int32Array(program.lineStarts),
      code: textOf(texts.code),
      origin: { ...origin, map: texts.map && textOf(texts.map) },
      shared: shared && { ...shared, code: textOf(texts.sharedCode), map: textOf(texts.sharedMap) },
    },
  };
}

const DIGEST_BYTES = 32;

/** Stands before what is kept: the engine believes whatever a code cache says, and ends the process at one that is damaged. */
function digestOf(content: Uint8Array): Buffer {
  return nodeCrypto().hash('sha256', content, 'buffer');
}

/** What a program was made of, and under what name it is kept. */
interface Making {
  readonly key: ProgramKey;
  readonly premises: ProgramPremises;
}

/** The compiler that this is part of. */
const COMPILER = builtName(import.meta.url);

export class ProgramCache {
  readonly #files: KeptFiles;
  readonly #maker: string | null;
  readonly #makings = new WeakMap<Program, Making>();

  /** @param compiler what the compiler is known by; null: nothing is kept, since nobody knows what would make it stale */
  constructor(folder: string, compiler: string | null = COMPILER) {
    this.#files = new KeptFiles(folder, MOST_KEPT);
    this.#maker = compiler === null ? null : `${compiler} ${process.version} ${process.arch}`;
  }

  /**
   * @param name what the program is called from now on
   * @returns the program as it was compiled before, or null where there is none or something has changed
   */
  async find(key: ProgramKey, remote: RemoteModules, name: string): Promise<Program | null> {
    const kept = this.#read(key);
    if (kept === null || !(await premisesHold(kept.premises, remote))) return null;
    const { premises, codeCaches } = kept;
    const program: Program = {
      ...kept.program,
      name,
      ...(codeCaches === null ? { asksForCode: true } : { codeCaches }),
    };
    this.#makings.set(program, { key, premises });
    return program;
  }

  /**
   * Keeps a program that has been compiled.
   * @param inputs all that it was made of
   * @param begunMs when compiling began, by the clock of the system
   * @returns it, asking the worker for the engine's code; as it is where a file has been saved meanwhile
   */
  keep(key: ProgramKey, program: Program, inputs: ProgramInputs, remote: RemoteModules, begunMs: number): Program {
    if (this.#maker === null) return program;
    const premises = findPremises(inputs, remote);
    if (changedSince(premises, begunMs)) return program;
    this.#write({ maker: this.#maker, key, premises, program, codeCaches: null });
    const asking: Program = { ...program, asksForCode: true };
    this.#makings.set(asking, { key, premises });
    return asking;
  }

  /** Keeps what the engine has made of a program that came from here. */
  keepCode(program: Program, codeCaches: CodeCaches): void {
    const making = this.#makings.get(program);
    if (making === undefined || this.#maker === null) return;
    const { asksForCode: _asks, codeCaches: _stale, ...bare } = program;
    this.#write({ maker: this.#maker, ...making, program: bare, codeCaches });
  }

  #read(key: ProgramKey): Kept | null {
    if (this.#maker === null) return null;
    const name = nameOf(key);
    try {
      const bytes = this.#files.read(name);
      if (bytes === null) return null;
      const content = bytes.subarray(DIGEST_BYTES);
      if (!digestOf(content).equals(bytes.subarray(0, DIGEST_BYTES))) return null;
      const written = deserialize(content) as Written;
      if (written.maker !== this.#maker || JSON.stringify(written.key) !== JSON.stringify(key)) return null;
      this.#files.touch(name);
      return fromWritten(written);
    } catch {
      return null;
    }
  }

  #write(kept: Kept): void {
    const content = serialize(toWritten(kept));
    this.#files.write(nameOf(kept.key), [digestOf(content), content]);
  }
}

/** What is in the file says whose it is: names may be cut alike. */
function nameOf({ file }: ProgramKey): string {
  return `${Buffer.from(file).toString('base64url').slice(-200)}.program`;
}
