// `sixfold runs`: the runs that are kept, to be listed, shown, compared and handed on.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type ApiAddress, parseApiAddress, showApiAddress } from '../control/api-address.ts';
import { compareStored, readStored, unpackStored } from '../control/history/compare-stored.ts';
import { findOne, parseBaseline } from '../control/history/find-baseline.ts';
import { findHistory } from '../control/history/history-place.ts';
import { HistoryStore } from '../control/history/history-store.ts';
import { importRun } from '../control/history/import-run.ts';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { nodeCrypto } from '../node/late-builtins.ts';
import { comparisonLines } from '../report/comparison-lines.ts';
import { findObjection } from '../report/find-objection.ts';
import { embedRun, readPage } from '../report/html-report.ts';
import { listLines } from '../report/list-lines.ts';
import { describeResult } from '../report/listed-run.ts';
import { deflateRun, packRun } from '../report/pack-run.ts';
import { summariseRecord } from '../report/record-summary.ts';
import type { RunRecord } from '../report/run-record.ts';
import { type TextStyle, textStyle } from '../report/text-style.ts';
import { renderTextSummary } from '../report/text-summary.ts';
import { findRun, readRecord, toRunFile } from '../report/unpack-run.ts';
import { parseFailOn } from './flags/history-flags.ts';
import { addNotes } from './help-page.ts';
import { isCapableTerminal } from './terminal.ts';

const DEFAULT_LIMIT = 20;
const WIDEST = 120;
/** The port of the live page, which is not there while nothing runs. */
const DEFAULT_ADDRESS = '127.0.0.1:5665';
const NAMING = 'an id, its beginning or its end, or last';

/** Adds `sixfold runs` with its commands to the program. */
export function registerRuns(program: Command): void {
  const runs = program
    .command('runs')
    .description('list, show and compare the runs of this machine, write their reports, hand them on');
  addNotes(runs, {
    examples: [
      ['sixfold runs list', 'the latest runs'],
      ['sixfold runs show last', 'one of them, as its summary was'],
      ['sixfold runs compare last', 'with the five before it'],
      ['sixfold runs report last report.html', 'its report'],
      ['sixfold runs web', 'all of it as pages for a browser'],
      ['sixfold runs merge a.sixfold-run b.sixfold-run', 'two runs with --execution-segment as the one that they were'],
      ['sixfold runs pin 7f3c2e', 'keep a run, named by the end of its id, and make it a baseline'],
    ],
    remark:
      'A run is named by its id, the beginning or the end of it, or by last. All lie in one file of yours: SIXFOLD_HISTORY names another one, and SIXFOLD_HISTORY=off keeps none.',
  });
  addReading(runs);
  addChanging(runs);
}

function addReading(runs: Command): void {
  runs
    .command('list')
    .description('list the latest runs')
    .option('-n, --limit <number>', `how many (default ${DEFAULT_LIMIT})`, readCount)
    .option('--json', 'print JSON, for machines')
    .action(({ limit, json }: { limit?: number; json?: boolean }) =>
      withStore((store) => {
        const rows = store.list(limit ?? DEFAULT_LIMIT);
        if (json) print(JSON.stringify(rows, null, 2));
        else if (rows.length === 0) print(`There are no runs yet in ${historyFile()}.`);
        else print(listLines(rows, style()).join('\n'));
      }),
    );
  runs
    .command('show')
    .description('show a run as its summary did')
    .argument('<run>', NAMING)
    .option('--json', 'print all that is known of it as JSON, for machines')
    .action((id: string, { json }: { json?: boolean }) =>
      withStore((store) => {
        const row = findOne(store, id);
        const bytes = store.read(row.id);
        const record = bytes === null ? null : unpackStored(bytes, row.id).record;
        if (json) {
          print(JSON.stringify({ ...row, record }, null, 2));
          return;
        }
        print(listLines([row], style()).join('\n'));
        if (row.reason !== null) print(`\n${row.reason}`);
        if (record === null) print(`\nNothing more of it is kept: ${describeResult(row)}.`);
        else
          process.stdout.write(
            renderTextSummary(summariseRecord(record), { mode: 'compact', colour: isColoured(), columns: columns() }),
          );
      }),
    );
  runs
    .command('compare')
    .description('compare a run with earlier ones')
    .argument('<run>', NAMING)
    .argument('[baseline]', 'last:5, pinned, the id of a run or a file', 'last:5')
    .option('--fail-on <differences>', 'end with 99 where it is slower, has more failures, or either: slower,failures')
    .option('--json', 'print JSON, for machines')
    .action((id: string, baseline: string, flags: { failOn?: string; json?: boolean }) =>
      withStore((store) => {
        const failOn = parseFailOn(flags.failOn ?? '');
        const comparison = compareStored(store, findOne(store, id), parseBaseline(baseline));
        if (flags.json) print(JSON.stringify(comparison, null, 2));
        else print(comparisonLines(comparison, style(), columns() ?? 100).join('\n'));
        const objection = findObjection(comparison, failOn);
        if (objection !== null) throw new ExitError(EXIT.thresholdsFailed, objection);
      }),
    );
  runs
    .command('report')
    .description('write the report of a run: one HTML file that needs no network')
    .argument('<run>', NAMING)
    .argument('[file]', 'where to; otherwise into this folder, by the id')
    .action((id: string, file: string | undefined) =>
      withStore(async (store) => {
        const row = findOne(store, id);
        const html = embedRun(await readPage('report'), Buffer.from(readStored(store, row)));
        write(file ?? `${row.id}.html`, html);
      }),
    );
  runs
    .command('export')
    .description('write a run to a file that "sixfold runs import" and --baseline read')
    .argument('<run>', NAMING)
    .argument('[file]', 'where to; - is standard output; otherwise into this folder, by the id')
    .action((id: string, file: string | undefined) =>
      withStore((store) => {
        const row = findOne(store, id);
        write(file ?? `${row.id}.sixfold-run`, toRunFile(readStored(store, row)));
      }),
    );
  runs
    .command('web')
    .description('serve the runs as pages for a browser: listed, shown, compared; Ctrl-C ends it')
    .argument('[address]', 'HOST:PORT; port 0 takes a free one', DEFAULT_ADDRESS)
    .action((address: string) => serve(historyFile(), parseApiAddress(address)));
}

function addChanging(runs: Command): void {
  runs
    .command('import')
    .description('take in runs of other machines')
    .argument('<files...>', 'files of "sixfold runs export", or reports')
    .action((files: string[]) =>
      withStore((store) => {
        for (const file of files) print(importFile(store, file));
      }),
    );
  runs
    .command('merge')
    .description(
      'put the runs of all execution segments of a test together: the run that they were, percentiles and thresholds too',
    )
    .argument('<runs...>', 'files of "sixfold runs export", reports, or ids')
    .option('--out <file>', 'write it to a file as "sixfold runs export" does, rather than into the history')
    .action(async (names: string[], { out }: { out?: string }) => {
      const { mergeSegments } = await import('../run/merge-segments.ts');
      const place = findHistory(process.env);
      const store =
        place.kind === 'file' && !(out !== undefined && names.every(existsSync)) ? new HistoryStore(place.file) : null;
      try {
        const { record, data } = mergeSegments(names.map((name) => readNamed(store, name)));
        const packed = deflateRun(packRun(record, data), 6);
        if (out !== undefined) write(out, toRunFile(packed));
        else if (store === null)
          throw new ExitError(EXIT.other, 'no runs are kept (SIXFOLD_HISTORY): name a file with --out');
        else print(`${importRun(store, packed).id} is the whole run: "sixfold runs show ${record.id}"`);
        process.stdout.write(
          renderTextSummary(summariseRecord(record), { mode: 'compact', colour: isColoured(), columns: columns() }),
        );
        if (record.reason !== null) process.stderr.write(`${record.reason}\n`);
        process.exitCode = record.exitCode ?? EXIT.ok;
      } catch (error) {
        if (error instanceof ExitError) throw error;
        throw new ExitError(EXIT.other, `cannot merge: ${(error as Error).message}`, { cause: error });
      } finally {
        store?.close();
      }
    });
  runs
    .command('pin')
    .description('keep a run for ever, and make it a baseline')
    .argument('<run>', NAMING)
    .option('--off', 'no longer')
    .action((id: string, { off }: { off?: boolean }) =>
      withStore((store) => {
        const row = findOne(store, id);
        store.pin(row.id, off !== true);
        print(`${row.id} is ${off ? 'no longer ' : ''}pinned`);
      }),
    );
  runs
    .command('rm')
    .description('remove runs')
    .argument('<runs...>', NAMING)
    .action((ids: string[]) =>
      withStore((store) => {
        // All are found before any is removed.
        const rows = ids.map((id) => findOne(store, id));
        for (const { state, id } of rows)
          if (state === 'running') throw new ExitError(EXIT.other, `the run ${id} is not over yet: stop it first`);
        for (const { id } of rows) {
          store.remove(id);
          print(`removed ${id}`);
        }
      }),
    );
}

/** @throws ExitError 106 where the address cannot be had */
async function serve(file: string, address: ApiAddress): Promise<void> {
  // What cannot be opened is said here, and not to each browser.
  await withStore(() => {});
  const token = process.env['SIXFOLD_API_TOKEN'] || nodeCrypto().randomBytes(12).toString('base64url');
  const { openRunsServer } = await import('../control/runs-server.ts');
  const interrupted = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  let server: Awaited<ReturnType<typeof openRunsServer>>;
  try {
    server = await openRunsServer(file, { address, token });
  } catch (error) {
    throw new ExitError(
      EXIT.apiUnavailable,
      `the runs cannot be served on ${showApiAddress(address)}: ${(error as Error).message}`,
    );
  }
  const { host, port } = server.address;
  print(`The runs are at http://${showApiAddress({ host: host || 'localhost', port })}/runs#token=${token}`);
  print('Ctrl-C ends it.');
  await interrupted;
  await server.close();
}

/** @throws ExitError for what is neither a file with a run nor the name of one */
function readNamed(store: HistoryStore | null, name: string): RunRecord {
  if (existsSync(name)) {
    try {
      return readRecord(findRun(readFileSync(name)));
    } catch (error) {
      throw new ExitError(EXIT.other, `cannot merge "${name}": ${(error as Error).message}`, { cause: error });
    }
  }
  if (store === null)
    throw new ExitError(EXIT.other, `there is no file "${name}", and no runs are kept (SIXFOLD_HISTORY)`);
  const row = findOne(store, name);
  return unpackStored(readStored(store, row), row.id).record;
}

function importFile(store: HistoryStore, file: string): string {
  try {
    const { id, isNew } = importRun(store, findRun(readFileSync(file)));
    return isNew ? `imported ${id}` : `${id} is there already`;
  } catch (error) {
    throw new ExitError(EXIT.other, `cannot import "${file}": ${(error as Error).message}`);
  }
}

function historyFile(): string {
  const place = findHistory(process.env);
  if (place.kind === 'file') return place.file;
  throw new ExitError(EXIT.other, 'no runs are kept: SIXFOLD_HISTORY switches the history off');
}

async function withStore(work: (store: HistoryStore) => void | Promise<void>): Promise<void> {
  const file = historyFile();
  let store: HistoryStore;
  try {
    store = new HistoryStore(file);
  } catch (error) {
    throw new ExitError(EXIT.other, `the history in ${file} cannot be used: ${(error as Error).message}`);
  }
  try {
    await work(store);
  } finally {
    store.close();
  }
}

function write(file: string, content: string | Buffer): void {
  if (file === '-') {
    process.stdout.write(content);
    return;
  }
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new ExitError(EXIT.other, `cannot write "${file}": ${(error as Error).message}`);
  }
  print(`wrote ${path.resolve(file)}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function isColoured(): boolean {
  return isCapableTerminal(process.stdout) && process.env['NO_COLOR'] === undefined;
}

function style(): TextStyle {
  return textStyle(isColoured());
}

function columns(): number | undefined {
  return process.stdout.isTTY ? Math.min(process.stdout.columns, WIDEST) : undefined;
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('it must be a whole number from 1 on');
  return Number(text);
}
