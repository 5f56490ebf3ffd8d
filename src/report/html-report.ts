// A run as one file that a browser opens without a network: the page with the run inside.
import { existsSync, readFileSync } from 'node:fs';

/** The report and live page, the page of the history, and that of a server of tests. */
export type PageName = 'report' | 'runs' | 'service';

/** Where the pages of the package lie, beside the program. */
const packaged = (name: PageName): URL => new URL(`../dashboard/${name}.html`, import.meta.url);
const BUILDER = '../../dashboard/build-page.ts';
/** Where the run is put in. */
const PLACE = '<!--run-->';

/** For the page: that its server has the history. */
const HISTORY_MARK = '<meta name="history" content="runs">';

const pages = new Map<PageName, Promise<string>>();

/**
 * A page, which asks its server for what it shows unless there is a run inside.
 * @param hasHistory whether its server has the page of the history too
 * @throws Error where it is not there and cannot be made
 */
export async function readPage(name: PageName, hasHistory = false): Promise<string> {
  let page = pages.get(name);
  if (page === undefined) {
    page = existsSync(packaged(name)) ? Promise.resolve(readFileSync(packaged(name), 'utf8')) : buildPage(name);
    pages.set(name, page);
  }
  const html = await page;
  return hasHistory ? html.replace(PLACE, HISTORY_MARK) : html;
}

/** From the sources it is made when it is asked for, in a fraction of a second. */
async function buildPage(name: PageName): Promise<string> {
  const builder = (await import(new URL(BUILDER, import.meta.url).href)) as {
    buildPage(name: PageName): Promise<string>;
  };
  return builder.buildPage(name);
}

/** @param run as `deflateRun` gives it */
export function embedRun(html: string, run: Buffer): string {
  const script = `<script type="text/plain" id="run">${run.toString('base64')}</script>`;
  // By a function: the text may have what `replace` takes for a pattern. What has all it needs may talk to nobody.
  return html.replace("connect-src 'self'", () => "connect-src 'none'").replace(PLACE, () => script);
}
