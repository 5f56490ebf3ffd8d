// Assertions that are checks, as k6's users have them from https://jslib.k6.io/k6chaijs/
// (https://grafana.com/docs/k6/latest/javascript-api/jslib/k6chaijs/). They stand on the package chai, which lies beside the script.
// @ts-expect-error: whoever uses it has installed it
import * as chai from 'chai';
import { check, group } from 'k6';

interface Assertion {
  assert(holds: unknown, message: unknown, negated: unknown, ...more: unknown[]): void;
}

/** How assertions show: `aggregateChecks` gives each kind one name, whatever the values are; `logFailures` logs each that fails. */
export interface Config {
  aggregateChecks: boolean;
  logFailures: boolean;
  truncateVarThreshold: number;
}

const config: Config = Object.assign(chai.config, {
  aggregateChecks: true,
  logFailures: false,
  truncateVarThreshold: 100,
});

/** A failed assertion, which describe() has told already. */
const told = new WeakSet<object>();

/** The name of a check: the assertion's own message, with the actual value shown only where each is to have a name. */
function nameOf(assertion: Assertion, args: Parameters<Assertion['assert']>): string {
  const flag = (name: string): unknown => chai.util.flag(assertion, name);
  const subject = flag('message');
  const shorten = (value: unknown): string => {
    const text = chai.util.inspect(value) as string;
    return text.length > config.truncateVarThreshold ? `${text.slice(0, config.truncateVarThreshold)}…` : text;
  };
  const template = flag('negate') ? args[2] : args[1];
  const text = String(typeof template === 'function' ? template() : (template ?? 'holds'));
  const shown = subject
    ? String(subject)
    : config.aggregateChecks
      ? 'the value'
      : shorten(chai.util.getActual(assertion, args));
  return text
    .replace(/#\{this\}|#\{act\}/g, () => shown)
    .replace(/#\{exp\}/g, () => shorten(args[3]))
    .replaceAll('::', ': ');
}

chai.use(({ Assertion: { prototype } }: { Assertion: { prototype: Assertion } }) => {
  const { assert } = prototype;
  prototype.assert = function (this: Assertion, ...args: Parameters<Assertion['assert']>) {
    let failure: unknown = null;
    try {
      assert.apply(this, args);
    } catch (error) {
      failure = error;
    }
    check(null, { [nameOf(this, args)]: () => failure === null });
    if (failure === null) return;
    if (config.logFailures) console.warn(String((failure as Error).message));
    told.add(failure as object);
    throw failure;
  };
});

/**
 * A group whose assertions end it where one fails, and not the iteration.
 * @returns whether all of it held
 */
export function describe(name: string, body: (t?: unknown) => void): boolean {
  let held = true;
  group(name, () => {
    try {
      body();
    } catch (error) {
      held = false;
      if (told.has(Object(error))) return;
      // What is no assertion has failed, too: a check says so.
      console.error(`${name}: ${String(error)}`);
      check(null, { [`${String(error).replaceAll('::', ': ')}`]: () => false });
    }
  });
  return held;
}

export const { expect, Assertion } = chai;
export { chai };
export default chai;
