import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { knownNames, nearestNames } from '../codes/index.ts';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { answerReference, findPage } from '../reference/answer.ts';
import { LANGUAGE_TAGS } from '../reference/language-tags.ts';
import { languageOf } from '../reference/languages.ts';
import { FRONT } from '../reference/routes.ts';
import { writeSite } from '../reference/write-site.ts';
import { languageOfEnvironment } from './code-links.ts';
import { addNotes } from './help-page.ts';

interface DocsFlags {
  readonly export?: string;
  readonly host: string;
  readonly lang?: string;
  readonly port: number;
}

/** Adds `sixfold docs [code]` to the program. */
export function registerDocs(program: Command): void {
  const command = program
    .command('docs')
    .description('serve the reference of all status and error codes, in English and Russian, or write it to a folder')
    .argument('[words...]', 'what to open: a code, status, name, errno or message, as for "sixfold explain"')
    .option('--export <folder>', 'write the pages to a folder, to be opened without a server, and end')
    .addOption(new Option('--lang <language>', 'the language to open').choices(LANGUAGE_TAGS))
    .option('--host <address>', 'the address to serve on', '127.0.0.1')
    .option('--port <port>', 'the port to serve on; 0 takes a free one', readPort, 0)
    .action(async (words: string[], flags: DocsFlags) => {
      const page = pageOf(words.join(' '));
      const language = languageOf(flags.lang ?? languageOfEnvironment()).tag;
      if (flags.export !== undefined) await exportSite(flags.export, `${language}/${page}`);
      else await serve(flags, `docs/${language}/${page}`);
    });
  addNotes(command, {
    examples: [
      ['sixfold docs', 'serves all pages on this machine'],
      ['sixfold docs UNAVAILABLE', 'the page of a status'],
      ['sixfold docs --export pages', 'a folder that opens without a server'],
    ],
  });
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('it must be a number from 0 to 65535.');
  return port;
}

/** @throws ExitError where nothing is known about the words */
function pageOf(query: string): string {
  if (query.trim() === '') return FRONT;
  const page = findPage(query);
  if (page !== null) return page;
  const nearest = nearestNames(query, knownNames());
  const hint = nearest.length > 0 ? ` Did you mean: ${nearest.join(', ')}?` : '';
  throw new ExitError(EXIT.other, `Nothing is known about "${query}".${hint}`);
}

/**
 * Writes the site.
 * @param page what to name as the place to begin at
 */
async function exportSite(folder: string, page: string): Promise<void> {
  let files: number;
  try {
    files = await writeSite(folder);
  } catch (error) {
    throw new ExitError(EXIT.other, `the reference cannot be written to ${folder}: ${(error as Error).message}`);
  }
  process.stdout.write(`wrote ${files} files; open ${path.join(folder, page)}\n`);
}

async function serve({ host, port }: DocsFlags, page: string): Promise<void> {
  const server = http.createServer((request, response) => {
    void answer(request).then(({ status, headers, body }) => {
      response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body);
    });
  });
  const interrupted = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  const address = await listen(server, host, port);
  process.stdout.write(`The reference is at ${address}/${page}\nCtrl-C ends it.\n`);
  await interrupted;
  server.closeAllConnections();
  server.close();
}

async function answer({ method, url = '/', headers }: http.IncomingMessage) {
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, headers: { allow: 'GET, HEAD' }, body: 'Pages are only read.\n' };
  if (!URL.canParse(url, 'http://reference')) return { status: 400, headers: {}, body: 'This is no address.\n' };
  if (!url.startsWith('/docs/')) return { status: 302, headers: { location: '/docs/' }, body: '' };
  return answerReference(url.slice('/docs'.length), headers['accept-language']);
}

function listen(server: http.Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new ExitError(EXIT.other, `the reference cannot be served: ${error.message}`)),
    );
    server.listen(port, host, () => {
      const bound = server.address() as AddressInfo;
      resolve(`http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`);
    });
  });
}
