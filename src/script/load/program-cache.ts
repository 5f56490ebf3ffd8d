// Compiled scripts from run to run: what takes a second to join and compile is there in milliseconds, as long as nothing has changed.
import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { nodeCrypto } from '../../node/late-builtins.ts';
import { makeFolder } from '../../node/make-folder.ts';
import { removeDraft } from '../../node/remove-draft.ts';
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

/** The compiler that this is part of: a built file has a digest of its content in its name. Sources are not told apart. */
const COMPILER = /-[\w-]{8}\.js$/.test(import.meta.url) ? path.basename(import.meta.url) : null;

/** A folder of them. It is a convenience: what cannot be read or written counts as not there. */
export class ProgramCache {
  readonly #folder: string;
  readonly #maker: string | null;
  readonly #makings = new WeakMap<Program, Making>();

  /** @param compiler what the compiler is known by; null: nothing is kept, since nobody knows what would make it stale */
  constructor(folder: string, compiler: string | null = COMPILER) {
    this.#folder = folder;
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
    const file = this.#fileOf(key);
    try {
      if (!this.#isOwn()) return null;
      const bytes = readFileSync(file);
      const content = bytes.subarray(DIGEST_BYTES);
      if (!digestOf(content).equals(bytes.subarray(0, DIGEST_BYTES))) return null;
      const written = deserialize(content) as Written;
      if (written.maker !== this.#maker || JSON.stringify(written.key) !== JSON.stringify(key)) return null;
      const now = new Date();
      utimesSync(file, now, now);
      return fromWritten(written);
    } catch {
      return null;
    }
  }

  /** Other tests may read it meanwhile: it is there whole or not at all. Scripts may hold what is not for everybody. */
  #write(kept: Kept): void {
    const file = this.#fileOf(kept.key);
    const draft = `${file}.${nodeCrypto().randomUUID()}.draft`;
    try {
      makeFolder(this.#folder, 0o700);
      if (!this.#isOwn()) return;
      const content = serialize(toWritten(kept));
      writeFileSync(draft, Buffer.concat([digestOf(content), content]), { mode: 0o600 });
      renameSync(draft, file);
      this.#makeRoom();
    } catch {
      removeDraft(draft);
    }
  }

  /** Whether nobody else can put programs there, which would run as this user. Windows keeps the folders of users apart by itself. */
  #isOwn(): boolean {
    if (process.getuid === undefined) return true;
    const { uid, mode } = statSync(this.#folder);
    return uid === process.getuid() && (mode & 0o022) === 0;
  }

  #makeRoom(): void {
    const files = readdirSync(this.#folder).map((name) => path.join(this.#folder, name));
    if (files.length <= MOST_KEPT) return;
    const byAge = files
      .map((file) => ({ file, usedMs: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
      .sort((a, b) => b.usedMs - a.usedMs);
    for (const { file } of byAge.slice(MOST_KEPT)) rmSync(file, { force: true });
  }

  /** What is in the file says whose it is: names may be cut alike. */
  #fileOf({ file }: ProgramKey): string {
    return path.join(this.#folder, `${Buffer.from(file).toString('base64url').slice(-200)}.program`);
  }
}
