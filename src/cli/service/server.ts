// `sixfold server`: tests, runs, schedules and people as a service.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type ApiAddress, isLoopback, parseApiAddress, showApiAddress } from '../../control/api-address.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { homeFolder } from '../../options/system-folders.ts';
import type { Database } from '../../service/storage/database.ts';
import { readNatsFlags } from '../cluster/nats-flags.ts';
import { addFlags, FlagReader } from '../flags/flag-reader.ts';
import { addNotes } from '../help-page.ts';
import { addSignInFlags, readSignInFlags } from './sign-in-flags.ts';

const DEFAULT_PORT = 6580;

interface Place {
  readonly data?: string;
  readonly database?: string;
}

interface Given extends Place {
  readonly address?: string;
  readonly publicUrl?: string;
  readonly behindProxy?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly cores?: number;
}

/** Adds `sixfold server` with its commands to the program. */
export function registerServer(program: Command): void {
  const command = addPlace(
    program
      .command('server')
      .description(
        'serve tests, runs, schedules and people to a team: a page, an API, and "sixfold cloud" as its client',
      ),
  )
    .option('-a, --address <host:port>', `where it listens (default localhost:${DEFAULT_PORT})`)
    .option('--public-url <url>', 'what people reach it by, for links; the address unless given')
    .option('--behind-proxy', 'something before it speaks TLS and says who asks (X-Forwarded-For, X-Forwarded-Proto)')
    .option('--tls-cert <file>', 'a certificate in PEM: it speaks TLS itself')
    .option('--tls-key <file>', 'the key of the certificate, in PEM')
    .option(
      '--cores <number>',
      'threads that make load at the same time; as many as there are cores unless given',
      readCores,
    );
  addFlags(command, 'nats', 'natsCreds', 'natsCa');
  addSignInFlags(command);
  addNotes(command, {
    examples: [
      ['sixfold server', 'everything in one folder of yours; the first start prints a link'],
      ['sixfold server --database postgres://sixfold@db/sixfold', 'with PostgreSQL, for several servers'],
      ['sixfold server --address :6580 --tls-cert cert.pem --tls-key key.pem', 'for others, with TLS'],
      ['sixfold server --nats nats://host:4222', 'runs may be made by agents'],
      [
        'sixfold server --oidc-issuer https://id.example --oidc-client-id load',
        'people sign in where they do elsewhere (OpenID Connect)',
      ],
    ],
    remark:
      'Secrets of projects are sealed with a key: that of the variable SIXFOLD_SERVER_KEY, or a file in the folder of --data. Several servers on one database need the same.',
  });
  command.action(async (given: Given) => serve(command, given));
  addMaintenance(command);
}

function addPlace(command: Command): Command {
  return command
    .option('--data <folder>', 'where its files lie; a folder of yours unless given')
    .option(
      '--database <url>',
      'postgres://USER:PASSWORD@HOST/NAME; SQLite in the folder of --data unless given (SIXFOLD_DATABASE)',
    );
}

function placeOf({ data, database }: Place): { folder: string; database: string | null } {
  const base = process.env['XDG_DATA_HOME'] || path.join(homeFolder(), '.local', 'share');
  return {
    folder: path.resolve(data ?? path.join(base, 'sixfold', 'server')),
    database: database ?? (process.env['SIXFOLD_DATABASE'] || null),
  };
}

async function serve(command: Command, given: Given): Promise<void> {
  const address = readAddress(given.address);
  const tls = readTls(given);
  if (!isLoopback(address) && tls === null && !given.behindProxy)
    throw new ExitError(
      EXIT.other,
      `${showApiAddress(address)} can be reached from other machines, and passwords would cross the network as they are: give --tls-cert and --tls-key, or --behind-proxy where something before it speaks TLS`,
    );
  const place = placeOf(given);
  const signIn = readSignInFlags(command, process.env);
  const { isWithinProgram } = await import('../../cluster/agent/load-permissions.ts');
  if (isWithinProgram(place.folder))
    throw new ExitError(
      EXIT.other,
      `--data ${place.folder} lies in the folder of the program, which the scripts of all projects may read: choose another one`,
    );
  const { startService } = await import('../../service/service.ts');
  const log = (level: string, message: string): void =>
    console.error(`${new Date().toISOString()} ${level === 'info' ? '' : `${level}: `}${message}`);
  const service = await startService({
    ...place,
    address,
    isBehindProxy: given.behindProxy === true,
    tls,
    ...signIn,
    publicUrl: readUrl(given.publicUrl),
    env: process.env,
    nats: readNatsFlags(new FlagReader(command, process.env)),
    cores: given.cores ?? null,
    log,
  });
  log('info', `the server is at ${service.url}`);
  if (service.setupLink !== null)
    process.stdout.write(`Open this link to make the first administrator: ${service.setupLink}\n`);
  await new Promise<void>((resolve) => {
    let isEnding = false;
    const onSignal = (): void => {
      if (isEnding) process.exit(EXIT.interrupted);
      isEnding = true;
      log('info', 'takes no more runs, and ends with those in progress; once more ends it at once');
      void service.close().then(resolve);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  });
  process.exit(EXIT.ok);
}

function addMaintenance(server: Command): void {
  addPlace(server.command('setup-link').description('print a new link that makes an administrator, once'))
    .option('--url <url>', 'what people reach the server by', `http://localhost:${DEFAULT_PORT}`)
    .action((given: Place & { url: string }, command: Command) =>
      withDatabase(command, async (database) => {
        const { makeSetupLink } = await import('../../service/service.ts');
        await database.migrate();
        process.stdout.write(`${await makeSetupLink(database, given.url, false)}\n`);
      }),
    );
  addPlace(server.command('migrate').description('bring the tables of the database to a version, and say which'))
    .option('--to <version>', 'an earlier one; none removes all tables and what is in them')
    .action((given: Place & { to?: string }, command: Command) =>
      withDatabase(command, async (database) => {
        await database.migrate(given.to);
        process.stdout.write(`the tables are those of ${given.to ?? 'the latest version'}\n`);
      }),
    );
  addPlace(
    server
      .command('export')
      .description('write everything of the service into one file')
      .argument('<file>', 'made anew; it holds passwords as hashes, and secrets sealed'),
  ).action((file: string, _given: Place, command: Command) =>
    withDatabase(command, async (database) => {
      const { exportDatabase } = await import('../../service/storage/transfer.ts');
      await database.migrate();
      printSums(await exportDatabase(database, file));
    }),
  );
  addPlace(
    server
      .command('import')
      .description('read a file of "export" into an empty database, and compare what has come')
      .argument('<file>', 'of "sixfold server export"'),
  ).action((file: string, _given: Place, command: Command) =>
    withDatabase(command, async (database) => {
      const { importDatabase } = await import('../../service/storage/transfer.ts');
      await database.migrate();
      printSums(await importDatabase(database, file));
      process.stdout.write(
        'secrets stay readable with the same SIXFOLD_SERVER_KEY, or the file server.key of --data\n',
      );
    }),
  );
}

async function withDatabase(command: Command, work: (database: Database) => Promise<void>): Promise<void> {
  const { openDatabase } = await import('../../service/storage/database.ts');
  const { databaseIn, makeDataFolder } = await import('../../service/service.ts');
  const { folder, database: address } = placeOf(command.optsWithGlobals());
  makeDataFolder(folder);
  const database = await openDatabase(databaseIn(folder, address), folder);
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

function printSums(sums: Readonly<Record<string, { readonly rows: number }>>): void {
  for (const [table, { rows }] of Object.entries(sums)) process.stdout.write(`${String(rows).padStart(8)} ${table}\n`);
}

function readAddress(text: string | undefined): ApiAddress {
  if (text === undefined) return { host: 'localhost', port: DEFAULT_PORT };
  const address = parseApiAddress(text);
  return /:\d+$/.test(text) ? address : { ...address, port: DEFAULT_PORT };
}

/** @throws ExitError 255 for files that cannot be read, and one without the other */
function readTls({ tlsCert, tlsKey }: Given): { cert: string; key: string } | null {
  if (tlsCert === undefined && tlsKey === undefined) return null;
  if (tlsCert === undefined || tlsKey === undefined)
    throw new ExitError(EXIT.other, '--tls-cert and --tls-key go together');
  try {
    return { cert: readFileSync(tlsCert, 'utf8'), key: readFileSync(tlsKey, 'utf8') };
  } catch (error) {
    throw new ExitError(EXIT.other, `--tls-cert, --tls-key: ${(error as Error).message}`);
  }
}

function readUrl(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (URL.parse(text) === null || !/^https?:/.test(text))
    throw new ExitError(EXIT.other, `--public-url ${text}: use an address such as https://load.example`);
  return text.replace(/\/+$/, '');
}

function readCores(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('it must be a whole number from 1 on');
  return Number(text);
}
