// Links from codes in a terminal to their pages (OSC 8). They lead to files, so that they work without a network or a server: the
// reference is written to the cache folder once for each version, by the first run that shows a link.
import { existsSync, renameSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createSupportsHyperlinks } from 'supports-hyperlinks';
import { makeFolder } from '../node/make-folder.ts';
import { removeDraft } from '../node/remove-draft.ts';
import { VERSION } from '../options/package-version.ts';
import { cacheFolder } from '../options/system-folders.ts';
import { LANGUAGE_TAGS } from '../reference/language-tags.ts';

/** A stream that may be a terminal. */
interface LinkStream {
  readonly isTTY?: boolean;
}

/** Whether a stream leads to a terminal that shows links; FORCE_HYPERLINK decides for itself. Pipes and logs of CI get none. */
export function showsLinks(stream: LinkStream, env: NodeJS.ProcessEnv = process.env): boolean {
  if (!env['FORCE_HYPERLINK'] && stream.isTTY !== true) return false;
  return createSupportsHyperlinks(stream as NodeJS.WriteStream);
}

/** Text that a terminal opens an address for. */
function hyperlink(text: string, url: string): string {
  return `\x1b]8;;${url}\x1b\\${text}\x1b]8;;\x1b\\`;
}

/** The language of whoever sits at the terminal: `ru` of `ru_RU.UTF-8`. */
export function languageOfEnvironment(env: NodeJS.ProcessEnv = process.env): string {
  const { LC_ALL, LC_MESSAGES, LANG } = env;
  return ([LC_ALL, LC_MESSAGES, LANG].find(Boolean) ?? 'en').split(/[_.]/)[0]!;
}

export class CodeLinks {
  readonly #folder: string;
  readonly #language: string;
  #isUsed = false;

  /** @param folder where the reference is, or will be */
  constructor(folder = path.join(cacheFolder('docs'), VERSION), language = languageOfEnvironment()) {
    this.#folder = folder;
    this.#language = LANGUAGE_TAGS.find((tag) => tag === language) ?? LANGUAGE_TAGS[0];
  }

  /** Text that leads to the page of a code, which is there after {@link settle}. */
  readonly link = (text: string, code: number | string): string => {
    this.#isUsed = true;
    const url = pathToFileURL(path.join(this.#folder, this.#language, 'codes', `${code}.html`));
    // Terminals open files of this machine alone: the name tells which one it is (a shell over SSH is elsewhere).
    return hyperlink(text, url.href.replace('file://', `file://${os.hostname()}`));
  };

  /** Writes the reference where links were shown and it is not there yet. A folder that cannot be written leaves them without a page. */
  async settle(): Promise<void> {
    if (!this.#isUsed || existsSync(this.#folder)) return;
    const unfinished = `${this.#folder}.${process.pid}`;
    try {
      makeFolder(unfinished);
      const { writeSite } = await import('../reference/write-site.ts');
      await writeSite(unfinished);
      renameSync(unfinished, this.#folder);
    } catch {
      removeDraft(unfinished);
    }
  }
}
