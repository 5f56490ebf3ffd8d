// Where modules of the web are kept: by what is in them, so that a copy is either right or not there.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nodeCrypto } from '../../../node/late-builtins.ts';
import { makeFolder } from '../../../node/make-folder.ts';
import { removeDraft } from '../../../node/remove-draft.ts';

/** What is known of an address since it was last fetched. */
export interface CachedAddress {
  readonly address: string;
  /** Where redirects led. */
  readonly resolved: string;
  readonly integrity: string;
}

/** `sha256-…`, as in web pages (https://www.w3.org/TR/SRI/). */
export function integrityOf(text: string): string {
  return `sha256-${nodeCrypto().createHash('sha256').update(text).digest('base64')}`;
}

/**
 * A folder with `content/HASH` and `addresses/HASH.json`. It is a convenience: what cannot be read or written counts as not there.
 */
export class ModuleCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Null where there is no copy, or one that somebody has changed. */
  read(integrity: string): string | null {
    const text = readIfThere(this.#contentFile(integrity));
    return text !== null && integrityOf(text) === integrity ? text : null;
  }

  find(address: string): CachedAddress | null {
    const text = readIfThere(this.#addressFile(address));
    if (text === null) return null;
    try {
      const known = JSON.parse(text) as Partial<CachedAddress>;
      return known.address === address && typeof known.resolved === 'string' && typeof known.integrity === 'string'
        ? (known as CachedAddress)
        : null;
    } catch {
      return null;
    }
  }

  keep(known: CachedAddress, text: string): void {
    writeWhole(this.#contentFile(known.integrity), text);
    writeWhole(this.#addressFile(known.address), `${JSON.stringify(known)}\n`);
  }

  #contentFile(integrity: string): string {
    return path.join(this.#folder, 'content', Buffer.from(integrity.replace(/^sha256-/, ''), 'base64').toString('hex'));
  }

  #addressFile(address: string): string {
    return path.join(
      this.#folder,
      'addresses',
      `${nodeCrypto().createHash('sha256').update(address).digest('hex')}.json`,
    );
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Other tests may read it meanwhile: it is there whole or not at all. */
function writeWhole(file: string, text: string): void {
  const draft = `${file}.${nodeCrypto().randomUUID()}`;
  try {
    makeFolder(path.dirname(file));
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch {
    // Without a cache the module is fetched again the next time.
    removeDraft(draft);
  }
}
