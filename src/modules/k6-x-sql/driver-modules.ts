// `k6/x/sql/driver/NAME`: each gives a symbol by which `sql.open` knows it, so that a database's client is loaded only where it is imported.
import type { HostModule } from '../../vu/environment.ts';
import type { SqlDriver } from './sql-driver.ts';

const bySymbol = new Map<symbol, SqlDriver>();

/** The module of a driver, which the worker knows from then on. */
export function driverModule(driver: SqlDriver): HostModule {
  const symbol = Symbol(driver.name);
  bySymbol.set(symbol, driver);
  return { specifier: `k6/x/sql/driver/${driver.name}`, create: () => () => ({ default: symbol }) };
}

/**
 * @param given a driver's symbol, or as older scripts have it its name
 * @throws TypeError for anything else
 */
export function findDriver(given: unknown): SqlDriver {
  if (typeof given === 'symbol') {
    const found = bySymbol.get(given);
    if (found !== undefined) return found;
  }
  for (const driver of bySymbol.values()) if (driver.name === given) return driver;
  const name = typeof given === 'string' ? given : 'sqlite3';
  throw new TypeError(
    `open() takes the default export of a driver first: import driver from 'k6/x/sql/driver/${name}' (there are sqlite3, postgres and mysql)`,
  );
}
