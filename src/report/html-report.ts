// A run as one file that a browser opens without a network: the page with the run inside.
import { existsSync, readFileSync } from 'node:fs';

/** Where the page of the package lies, beside the program. */
const PACKAGED = new URL('../dashboard/index.html', import.meta.url);
const BUILDER = '../../dashboard/build-page.ts';
/** Where the run is put in. */
const PLACE = '<!--run-->';

let page: Promise<string> | null = null;

/**
 * The page, which asks its server for a run unless there is one inside.
 * @throws Error where it is not there and cannot be made
 */
export function readPage(): Promise<string> {
  page ??= existsSync(PACKAGED) ? Promise.resolve(readFileSync(PACKAGED, 'utf8')) : buildPage();
  return page;
}

/** From the sources it is made when it is asked for, in a fraction of a second. */
async function buildPage(): Promise<string> {
  const builder = (await import(new URL(BUILDER, import.meta.url).href)) as { buildPage(): Promise<string> };
  return builder.buildPage();
}

/** @param run as `deflateRun` gives it */
export function embedRun(html: string, run: Buffer): string {
  const script = `<script type="text/plain" id="run">${run.toString('base64')}</script>`;
  // By a function: the text may have what `replace` takes for a pattern. What has all it needs may talk to nobody.
  return html.replace("connect-src 'self'", () => "connect-src 'none'").replace(PLACE, () => script);
}
