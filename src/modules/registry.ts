// The modules that scripts import by a `k6…` name. Each is loaded only when a script names it: starting fast is a feature.
import type Mysql from 'mysql2';
import type Pg from 'pg';
import type * as Playwright from 'playwright-core';
import type Ssh2 from 'ssh2';
import { importOptional } from '../extension/import-optional.ts';
import { isK6Module } from '../script/load/k6-modules.ts';
import { refuseK6Specifier } from '../script/load/specifiers.ts';
import type { HostModule } from '../vu/environment.ts';

export interface ModuleRow {
  /** Some of its functions block, or call a function of the script that may: packages that hold one are instrumented. */
  readonly suspends: boolean;
  /** It stands on a package, or a program, that may not be installed: loaded only where a script names it. */
  readonly isPeer?: true;
  /** @param folder of the script, whose packages come first */
  readonly load: (folder: string) => Promise<HostModule>;
}

/** The one table of the modules: `npm run docs` makes of it what the compiler knows of them. */
export const MODULES = {
  k6: { suspends: true, load: async () => (await import('./k6/index.ts')).k6Module },
  'k6/browser': {
    suspends: true,
    isPeer: true,
    load: async (folder: string) => {
      const { default: playwright } = (await importOptional('playwright-core', folder, "the module 'k6/browser'")) as {
        default: typeof Playwright;
      };
      return (await import('./k6-browser/index.ts')).createBrowserModule(playwright);
    },
  },
  'k6/crypto': { suspends: false, load: async () => (await import('./k6-crypto/index.ts')).cryptoModule },
  'k6/crypto/x509': { suspends: false, load: async () => (await import('./k6-crypto-x509/index.ts')).x509Module },
  'k6/data': { suspends: false, load: async () => (await import('./k6-data/index.ts')).dataModule },
  'k6/encoding': { suspends: false, load: async () => (await import('./k6-encoding/index.ts')).encodingModule },
  'k6/execution': { suspends: false, load: async () => (await import('./k6-execution/index.ts')).executionModule },
  'k6/experimental/csv': {
    suspends: false,
    load: async () => (await import('./k6-experimental-csv/index.ts')).csvModule,
  },
  'k6/experimental/fs': { suspends: false, load: async () => (await import('./k6-experimental-fs/index.ts')).fsModule },
  'k6/experimental/redis': {
    suspends: false,
    load: async () => (await import('./k6-x-redis/index.ts')).experimentalRedisModule,
  },
  'k6/experimental/streams': {
    suspends: true,
    load: async () => (await import('./k6-experimental-streams/index.ts')).streamsModule,
  },
  'k6/experimental/websockets': {
    suspends: true,
    load: async () => (await import('./k6-websockets/index.ts')).experimentalWebsocketsModule,
  },
  'k6/html': { suspends: true, load: async () => (await import('./k6-html/index.ts')).htmlModule },
  'k6/http': { suspends: true, load: async () => (await import('./k6-http/index.ts')).httpModule },
  'k6/metrics': { suspends: false, load: async () => (await import('./k6-metrics/index.ts')).metricsModule },
  'k6/net/grpc': { suspends: true, load: async () => (await import('./k6-net-grpc/index.ts')).grpcModule },
  'k6/secrets': { suspends: false, load: async () => (await import('./k6-secrets/index.ts')).secretsModule },
  'k6/timers': { suspends: false, load: async () => (await import('./k6-timers/index.ts')).timersModule },
  'k6/websockets': { suspends: true, load: async () => (await import('./k6-websockets/index.ts')).websocketsModule },
  'k6/ws': { suspends: true, load: async () => (await import('./k6-ws/index.ts')).wsModule },
  'k6/x/dns': { suspends: false, load: async () => (await import('./k6-x-dns/index.ts')).dnsModule },
  'k6/x/faker': {
    suspends: false,
    isPeer: true,
    load: async () => (await import('./k6-x-faker/index.ts')).fakerModule,
  },
  'k6/x/icmp': { suspends: true, isPeer: true, load: async () => (await import('./k6-x-icmp/index.ts')).icmpModule },
  'k6/x/mqtt': { suspends: true, isPeer: true, load: async () => (await import('./k6-x-mqtt/index.ts')).mqttModule },
  'k6/x/redis': { suspends: false, load: async () => (await import('./k6-x-redis/index.ts')).redisModule },
  'k6/x/sql': { suspends: true, load: async () => (await import('./k6-x-sql/index.ts')).sqlModule },
  'k6/x/sql/driver/mysql': {
    suspends: false,
    isPeer: true,
    load: async (folder: string) => {
      const { default: mysql } = (await importOptional('mysql2', folder, "the driver 'k6/x/sql/driver/mysql'")) as {
        default: typeof Mysql;
      };
      const { createMysqlDriver } = await import('./k6-x-sql/mysql-driver.ts');
      return (await import('./k6-x-sql/driver-modules.ts')).driverModule(createMysqlDriver(mysql));
    },
  },
  'k6/x/sql/driver/postgres': {
    suspends: false,
    isPeer: true,
    load: async (folder: string) => {
      const { default: pg } = (await importOptional('pg', folder, "the driver 'k6/x/sql/driver/postgres'")) as {
        default: typeof Pg;
      };
      const { createPostgresDriver } = await import('./k6-x-sql/postgres-driver.ts');
      return (await import('./k6-x-sql/driver-modules.ts')).driverModule(createPostgresDriver(pg));
    },
  },
  'k6/x/sql/driver/sqlite3': {
    suspends: false,
    load: async () => {
      const { sqliteDriver } = await import('./k6-x-sql/sqlite-driver.ts');
      return (await import('./k6-x-sql/driver-modules.ts')).driverModule(sqliteDriver);
    },
  },
  'k6/x/sse': { suspends: true, load: async () => (await import('./k6-x-sse/index.ts')).sseModule },
  'k6/x/ssh': {
    suspends: true,
    isPeer: true,
    load: async (folder: string) => {
      const { default: ssh2 } = (await importOptional('ssh2', folder, "the module 'k6/x/ssh'")) as {
        default: typeof Ssh2;
      };
      return (await import('./k6-x-ssh/index.ts')).createSshModule(ssh2);
    },
  },
  'k6/x/tcp': { suspends: true, load: async () => (await import('./k6-x-tcp/index.ts')).tcpModule },
  'k6/x/tls': { suspends: false, load: async () => (await import('./k6-x-tls/index.ts')).tlsModule },
} as const satisfies Readonly<Record<string, ModuleRow>>;

/**
 * @param specifiers as a compiled script lists them
 * @param folder that of the script, whose own packages come first
 * @throws Error that names the first module that is not here
 */
export async function loadHostModules(specifiers: readonly string[], folder: string): Promise<HostModule[]> {
  return Promise.all(
    specifiers.map((specifier) => {
      if (isK6Module(specifier))
        return MODULES[specifier].load(folder).catch((error) => explainMissing(specifier, error));
      throw new Error(refuseK6Specifier(specifier, process.cwd()) ?? `unknown module: ${specifier}`);
    }),
  );
}

/** Some modules stand on a package that an installation may have left out. */
function explainMissing(specifier: string, error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  const name = code === 'ERR_MODULE_NOT_FOUND' ? /^Cannot find package '([^']+)'/.exec(message)?.[1] : undefined;
  if (name === undefined) throw error;
  throw new Error(`the module '${specifier}' needs the package ${name}, which is not installed: npm install ${name}`);
}
