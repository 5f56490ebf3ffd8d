// The pages for users, as the tests read them.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/root.ts';

/** A fenced block of a page. */
export interface Snippet {
  /** Page and line, for messages. */
  readonly place: string;
  readonly language: string;
  /** `run` with flags, `inspect`, or nothing. */
  readonly mode: string;
  readonly flags: readonly string[];
  readonly text: string;
}

export interface Page {
  /** Relative to the repository. */
  readonly file: string;
  readonly text: string;
  readonly snippets: readonly Snippet[];
}

const FENCE = /^```(\w*) ?(.*)\n([\s\S]*?)^```$/gm;

export function readPages(): Page[] {
  const files = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: ROOT }).sort()];
  return files.map((file) => {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    const snippets = [...text.matchAll(FENCE)].map(
      ({ index, 1: language = '', 2: info = '', 3: body = '' }): Snippet => {
        const [mode = '', ...flags] = info.split(' ');
        return { place: `${file}:${text.slice(0, index).split('\n').length}`, language, mode, flags, text: body };
      },
    );
    return { file, text, snippets };
  });
}

/** The anchors that GitHub gives the headings of a page. */
export function anchorsOf(text: string): Set<string> {
  const headings = text.replace(FENCE, '').matchAll(/^#+ (.*)$/gm);
  return new Set(
    Array.from(headings, ([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
