// Files of samples over several agents: each agent writes its own, and hands it over when its load is done.
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { SampleFile } from '../../cluster/messages.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { nodeZlib } from '../../node/late-builtins.ts';

interface WantedFile {
  readonly kind: SampleFile;
  /** As the user named it. */
  readonly name: string;
}

interface OpenFile {
  readonly into: Writable;
  readonly done: Promise<void>;
  isWhole: boolean;
}

/**
 * @param outputs those that neither send to a server nor wait for the outcome
 * @throws ExitError 255 for outputs that cannot go with agents, and files that are none
 */
export function readAgentFiles(outputs: readonly string[]): WantedFile[] {
  return outputs.map((specification) => {
    const at = specification.indexOf('=');
    const kind = at < 0 ? specification : specification.slice(0, at);
    const name = at < 0 ? '' : specification.slice(at + 1);
    if (kind !== 'json' && kind !== 'csv')
      throw new ExitError(
        EXIT.other,
        `the output "${specification}" does not go with --agents: it needs samples, and agents have but the outputs that Sixfold brings: json=FILE, csv=FILE, and those to servers`,
      );
    if (name === '' || name === '-' || (kind === 'csv' && name.includes('=')))
      throw new ExitError(
        EXIT.other,
        `--out ${specification}: with --agents it is ${kind}=FILE, of which each agent makes one of its own`,
      );
    return { kind, name };
  });
}

/** Writes what agents hand over. */
export class AgentFiles {
  readonly #wanted: readonly WantedFile[];
  readonly #open = new Map<string, OpenFile>();

  constructor(wanted: readonly WantedFile[]) {
    this.#wanted = wanted;
  }

  get kinds(): readonly SampleFile[] {
    return this.#wanted.map(({ kind }) => kind);
  }

  /** @param octets compressed */
  take(agent: string, index: number, octets: Buffer, isLast: boolean): void {
    const wanted = this.#wanted[index];
    if (wanted === undefined) return;
    const file = fileOf(wanted.name, agent);
    let open = this.#open.get(file);
    if (open === undefined) this.#open.set(file, (open = openFile(file)));
    open.into.write(octets);
    if (!isLast) return;
    open.isWhole = true;
    open.into.end();
  }

  /** @param agents all of the run @returns what there is, and what is missing, sentences */
  async close(agents: readonly string[]): Promise<{ readonly level: 'info' | 'warning'; readonly text: string }[]> {
    const told: { readonly level: 'info' | 'warning'; readonly text: string }[] = [];
    for (const { name } of this.#wanted) {
      for (const agent of agents) {
        const file = fileOf(name, agent);
        const open = this.#open.get(file);
        if (open?.isWhole !== true) {
          open?.into.destroy();
          told.push({ level: 'warning', text: `the samples of ${agent} are missing: it has not handed over ${file}` });
          continue;
        }
        try {
          await open.done;
          told.push({ level: 'info', text: `the samples of ${agent} are in ${file}` });
        } catch (error) {
          told.push({
            level: 'warning',
            text: `the samples of ${agent} cannot be written: ${(error as Error).message}`,
          });
        }
      }
    }
    return told;
  }
}

/** `samples.json` of the agent `eu-1` is `samples.eu-1.json`. */
function fileOf(name: string, agent: string): string {
  const { dir, base } = path.parse(name);
  const at = base.indexOf('.', 1);
  const own = agent.replaceAll(/[^\w.-]/g, '_');
  return path.join(dir, at < 0 ? `${base}.${own}` : `${base.slice(0, at)}.${own}${base.slice(at)}`);
}

function openFile(file: string): OpenFile {
  const target = createWriteStream(file);
  const done = finished(target);
  // It is said at the end.
  done.catch(() => {});
  if (file.endsWith('.gz')) return { into: target, done, isWhole: false };
  const into = nodeZlib().createGunzip();
  into.on('error', (error) => target.destroy(error));
  into.pipe(target);
  return { into, done, isWhole: false };
}
