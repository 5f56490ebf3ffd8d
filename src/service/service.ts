// The service as a whole: the database, the queue, the door.
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import path from 'node:path';
import { type NatsSettings, natsPlaces } from '../cluster/nats-link.ts';
import { type ApiAddress, showApiAddress } from '../control/api-address.ts';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { makeFolder } from '../node/make-folder.ts';
import type { OwnPlace } from '../wire/net/place-rules.ts';
import type { ServiceContext } from './context.ts';
import { HookSender, type HookSenderOptions } from './hooks/hook-sender.ts';
import { OpenIdProvider, type OpenIdSettings } from './people/open-id.ts';
import { addCredential, LINK_MS } from './people/people.ts';
import { findSealer } from './people/seal.ts';
import { allRoutes } from './rest/all-routes.ts';
import { openApiServer } from './rest/api-server.ts';
import { Retention } from './retention.ts';
import { EventBus } from './runs/event-bus.ts';
import type { LedRun } from './runs/lead-run.ts';
import { claimFolder, serverFolder } from './runs/left-behind.ts';
import { LiveRuns } from './runs/live-run.ts';
import { Runner } from './runs/runner.ts';
import { Scheduler } from './schedules/scheduler.ts';
import { type Database, openDatabase } from './storage/database.ts';
import { newId } from './storage/new-id.ts';

const SAID_AGAIN_MS = 60_000;

export interface ServiceOptions {
  /** Where the key, the SQLite file and the folders of runs lie. */
  readonly folder: string;
  /** `postgres://…`; null: SQLite in the folder. */
  readonly database: string | null;
  readonly address: ApiAddress;
  readonly isBehindProxy: boolean;
  /** In PEM; missing: it speaks no TLS itself. */
  readonly tls?: { readonly cert: string; readonly key: string } | null;
  /** What people reach it by; null: the address. */
  readonly publicUrl: string | null;
  /** Where people sign in; missing: with passwords alone. */
  readonly provider?: OpenIdSettings | null;
  /** Whether passwords let in; they do unless given. */
  readonly takesPasswords?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly nats: NatsSettings | null;
  /** Threads that make load at the same time; null: as many as there are cores. */
  readonly cores: number | null;
  readonly log: ServiceContext['log'];
  readonly requestsAMinute?: number;
  readonly hooks?: HookSenderOptions;
  /** For schedules and attempts to sign in, in ms since the epoch: tests have their own time. */
  readonly now?: () => number;
}

export interface Service {
  readonly address: ApiAddress;
  readonly url: string;
  /** Where the first administrator is made; null: there are people already. */
  readonly setupLink: string | null;
  readonly database: Database;
  readonly led: () => readonly LedRun[];
  readonly retention: Retention;
  close(): Promise<void>;
}

/** @throws ExitError 255 for a folder that cannot be used */
export function makeDataFolder(folder: string): void {
  try {
    makeFolder(folder, 0o700);
  } catch (error) {
    throw new ExitError(EXIT.other, `--data ${folder}: ${(error as Error).message}`);
  }
}

/** @returns the database's address: that of PostgreSQL, or a file in the folder */
export function databaseIn(folder: string, given: string | null): string {
  return given ?? path.join(folder, 'sixfold.db');
}

/**
 * Starts a server.
 * @throws ExitError 255 for a folder, database or address that cannot be had
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { folder, address, env } = options;
  const log = sayOnce(options.log);
  makeDataFolder(folder);
  const database = await openDatabase(databaseIn(folder, options.database), folder);
  try {
    await database.migrate();
    const sealer = findSealer(env, folder);
    const serverId = newId();
    const work = serverFolder(folder, serverId);
    mkdirSync(work, { mode: 0o700 });
    claimFolder(work);
    let url = '';
    const publicUrl = (): string => url;
    let listening: OwnPlace | null = null;
    const { now = Date.now } = options;
    const provider = options.provider
      ? await OpenIdProvider.discover(options.provider, { sealer, publicUrl, now })
      : null;
    const context: ServiceContext = {
      database,
      sealer,
      bus: new EventBus(),
      dataFolder: folder,
      folder: work,
      serverId,
      cores: options.cores ?? availableParallelism(),
      nats: options.nats,
      publicUrl,
      ownPlaces: () => [
        ...(listening === null ? [] : [listening]),
        ...(database.place === null ? [] : [database.place]),
        ...(options.nats === null ? [] : natsPlaces(options.nats.url)),
      ],
      provider,
      takesPasswords: options.takesPasswords ?? true,
      log,
      wake: () => {
        runner.wake();
        hooks.wake();
      },
    };
    const runner = new Runner(context);
    const hooks = new HookSender(context, options.hooks);
    const retention = new Retention(context);
    const scheduler = new Scheduler(context, now);
    const live = new LiveRuns(context, (run) => runner.led.some(({ row }) => row.id === run));
    const server = await openApiServer(context, {
      address,
      isBehindProxy: options.isBehindProxy,
      tls: options.tls ?? null,
      routes: allRoutes(context, live),
      ...(options.requestsAMinute !== undefined && { requestsAMinute: options.requestsAMinute }),
    }).catch((error: unknown) => {
      throw new ExitError(
        EXIT.apiUnavailable,
        `the server cannot listen on ${showApiAddress(address)}: ${(error as Error).message}`,
      );
    });
    // Wherever it listens, behind each address of the machine there may be a way to it.
    listening = { host: '', port: server.address.port };
    const shown = { ...server.address, host: server.address.host === '' ? 'localhost' : server.address.host };
    url = options.publicUrl ?? `${options.tls ? 'https' : 'http'}://${showApiAddress(shown)}`;
    await runner.start(hostname());
    scheduler.start();
    hooks.start();
    retention.start();
    return {
      address: server.address,
      url,
      setupLink: await makeSetupLink(database, url, true),
      database,
      led: () => runner.led,
      retention,
      close: async () => {
        live.close();
        await server.close();
        await scheduler.close();
        await runner.close();
        await hooks.close();
        await retention.close();
        await database.close();
        rmSync(work, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** A database that is away is said to be once a minute, and not by each part each second. */
function sayOnce(log: ServiceContext['log']): ServiceContext['log'] {
  const said = new Map<string, number>();
  return (level, message) => {
    const now = Date.now();
    if (level !== 'info' && now - (said.get(message) ?? 0) < SAID_AGAIN_MS) return;
    if (said.size > 100) said.clear();
    said.set(message, now);
    log(level, message);
  };
}

/**
 * Makes a link that makes an administrator, once; earlier ones end.
 * @param onlyFirst only where there is nobody yet
 */
export async function makeSetupLink(database: Database, url: string, onlyFirst: boolean): Promise<string | null> {
  const { query } = database;
  if (onlyFirst && (await query.selectFrom('person').select('id').limit(1).executeTakeFirst()) !== undefined)
    return null;
  await query.deleteFrom('credential').where('kind', '=', 'setup').execute();
  const { text } = await addCredential(query, { kind: 'setup', user_id: null, lifeMs: LINK_MS });
  return `${url}/setup#token=${text}`;
}
