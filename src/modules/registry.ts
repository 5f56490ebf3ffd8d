// The modules that scripts import by a `k6…` name. Each is loaded only when a script names it: starting fast is a feature.
import type Mysql from 'mysql2';
import type Pg from 'pg';
import type Ssh2 from 'ssh2';
import { importOptional } from '../extension/import-optional.ts';
import { isK6Module, type K6Module } from '../script/load/k6-modules.ts';
import { refuseK6Specifier } from '../script/load/specifiers.ts';
import type { HostModule } from '../vu/environment.ts';

/** Given the folder of the script, whose packages come first. */
type Loader = (folder: string) => Promise<HostModule>;

/** A name of the table without its loader is an error of types, and so is a loader without its name. */
const LOADERS: Readonly<Record<K6Module, Loader>> = {
  k6: async () => (await import('./k6/index.ts')).k6Module,
  'k6/crypto': async () => (await import('./k6-crypto/index.ts')).cryptoModule,
  'k6/crypto/x509': async () => (await import('./k6-crypto-x509/index.ts')).x509Module,
  'k6/data': async () => (await import('./k6-data/index.ts')).dataModule,
  'k6/encoding': async () => (await import('./k6-encoding/index.ts')).encodingModule,
  'k6/execution': async () => (await import('./k6-execution/index.ts')).executionModule,
  'k6/experimental/csv': async () => (await import('./k6-experimental-csv/index.ts')).csvModule,
  'k6/experimental/fs': async () => (await import('./k6-experimental-fs/index.ts')).fsModule,
  'k6/experimental/redis': async () => (await import('./k6-x-redis/index.ts')).experimentalRedisModule,
  'k6/experimental/streams': async () => (await import('./k6-experimental-streams/index.ts')).streamsModule,
  'k6/experimental/websockets': async () => (await import('./k6-websockets/index.ts')).experimentalWebsocketsModule,
  'k6/html': async () => (await import('./k6-html/index.ts')).htmlModule,
  'k6/http': async () => (await import('./k6-http/index.ts')).httpModule,
  'k6/metrics': async () => (await import('./k6-metrics/index.ts')).metricsModule,
  'k6/net/grpc': async () => (await import('./k6-net-grpc/index.ts')).grpcModule,
  'k6/secrets': async () => (await import('./k6-secrets/index.ts')).secretsModule,
  'k6/websockets': async () => (await import('./k6-websockets/index.ts')).websocketsModule,
  'k6/ws': async () => (await import('./k6-ws/index.ts')).wsModule,
  'k6/x/sql': async () => (await import('./k6-x-sql/index.ts')).sqlModule,
  'k6/x/sql/driver/mysql': async (folder) => {
    const { default: mysql } = (await importOptional('mysql2', folder, "the driver 'k6/x/sql/driver/mysql'")) as {
      default: typeof Mysql;
    };
    const { createMysqlDriver } = await import('./k6-x-sql/mysql-driver.ts');
    return (await import('./k6-x-sql/driver-modules.ts')).driverModule(createMysqlDriver(mysql));
  },
  'k6/x/sql/driver/postgres': async (folder) => {
    const { default: pg } = (await importOptional('pg', folder, "the driver 'k6/x/sql/driver/postgres'")) as {
      default: typeof Pg;
    };
    const { createPostgresDriver } = await import('./k6-x-sql/postgres-driver.ts');
    return (await import('./k6-x-sql/driver-modules.ts')).driverModule(createPostgresDriver(pg));
  },
  'k6/x/sql/driver/sqlite3': async () => {
    const { sqliteDriver } = await import('./k6-x-sql/sqlite-driver.ts');
    return (await import('./k6-x-sql/driver-modules.ts')).driverModule(sqliteDriver);
  },
  'k6/x/redis': async () => (await import('./k6-x-redis/index.ts')).redisModule,
  'k6/timers': async () => (await import('./k6-timers/index.ts')).timersModule,
  'k6/x/dns': async () => (await import('./k6-x-dns/index.ts')).dnsModule,
  'k6/x/faker': async () => (await import('./k6-x-faker/index.ts')).fakerModule,
  'k6/x/mqtt': async () => (await import('./k6-x-mqtt/index.ts')).mqttModule,
  'k6/x/sse': async () => (await import('./k6-x-sse/index.ts')).sseModule,
  'k6/x/ssh': async (folder) => {
    const { default: ssh2 } = (await importOptional('ssh2', folder, "the module 'k6/x/ssh'")) as {
      default: typeof Ssh2;
    };
    return (await import('./k6-x-ssh/index.ts')).createSshModule(ssh2);
  },
  'k6/x/tcp': async () => (await import('./k6-x-tcp/index.ts')).tcpModule,
  'k6/x/tls': async () => (await import('./k6-x-tls/index.ts')).tlsModule,
};

/**
 * @param specifiers as a compiled script lists them
 * @param folder that of the script, whose own packages come first
 * @throws Error that names the first module that is not here
 */
export async function loadHostModules(specifiers: readonly string[], folder: string): Promise<HostModule[]> {
  return Promise.all(
    specifiers.map((specifier) => {
      if (isK6Module(specifier)) return LOADERS[specifier](folder).catch((error) => explainMissing(specifier, error));
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
