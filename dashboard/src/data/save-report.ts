// The page with the run inside, as a file: from the server while it is there, else from what this page holds.
import type { RunView } from './model.ts';
import { authorised } from './server.ts';

/** What the server sent at the end, as it came. */
let last: string | null = null;

export function keepForReport(packed: string): void {
  last = packed;
}

export async function saveReport({ record, isLive }: RunView): Promise<void> {
  const html = isLive || last === null ? await (await authorised('report.html')).text() : embed(last);
  saveHtml(html, record.script);
}

/** @param name what the file is to be called, without its ending */
export function saveHtml(html: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([html], { type: 'text/html' }));
  link.download = `${name.replace(/[^\w.-]+/g, '-') || 'report'}.html`;
  link.click();
  URL.revokeObjectURL(link.href);
}

function embed(packed: string): string {
  const copy = document.documentElement.cloneNode(true) as HTMLElement;
  copy.querySelector('meta[name="history"]')?.remove();
  const app = copy.querySelector('#app')!;
  app.textContent = '';
  const run = document.createElement('script');
  run.type = 'text/plain';
  run.id = 'run';
  run.textContent = packed;
  app.after(run);
  return `<!doctype html>\n${copy.outerHTML.replace("connect-src 'self'", () => "connect-src 'none'")}`;
}
