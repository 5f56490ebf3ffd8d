import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Flavour } from '../../src/script/compiler/compare-with-plain.ts';
import { MODES } from '../compiler/differences.ts';
import { FORMS } from './bundle.ts';
import { PACKAGES } from './calls.ts';
import { comparePackage } from './compare-packages.ts';
import { installPackages } from './install.ts';

installPackages();

/** SIXFOLD_PROOFS=whole: each package in each mode and form; otherwise in each form once, each in another mode. */
const WHOLE = process.env['SIXFOLD_PROOFS'] === 'whole';
/** The walk's arguments: others with SIXFOLD_FUZZ_SEED. */
const SEED = Number(process.env['SIXFOLD_FUZZ_SEED'] ?? 1);
/** One in so many packages is compared where not all are. */
const SAMPLED = 8;
const FLAVOURS: readonly Flavour[] = ['immediate', 'microtask'];

describe('packages of npm do the same compiled and plain', () => {
  for (const [turn, one] of PACKAGES.entries()) {
    // Some of them in CI: each takes seconds.
    if (!WHOLE && turn % SAMPLED !== 0) continue;
    it(one.specifier, async () => {
      const failures: string[] = [];
      let calls = 0;
      for (const [f, form] of FORMS.entries())
        for (const [m, mode] of MODES.entries()) {
          if (!WHOLE && (f + turn) % MODES.length !== m) continue;
          const found = await comparePackage(one, form, mode, FLAVOURS[(f + m) % 2]!, SEED);
          calls += found.calls;
          failures.push(...found.differences.map((text) => `${form}, mode ${mode}, ${text}`));
        }
      assert.equal(failures.length, 0, failures.join('\n'));
      assert.ok(calls > one.calls.length, `only ${calls} calls: the package was not used`);
    });
  }
});
