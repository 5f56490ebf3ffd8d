import { type Flavour, type Observation, runCompiled, runPlain } from '../../src/script/compiler/compare-with-plain.ts';
import type { Mode } from '../../src/script/compiler/marking.ts';
import { bundle, type Form } from './bundle.ts';
import type { PackageCalls } from './calls.ts';
import { packageSnippet } from './walk.ts';

/** What one package did otherwise compiled than plain. */
export interface PackageComparison {
  /** Calls whose outcome was compared. */
  readonly calls: number;
  readonly differences: readonly string[];
}

/** Uses a package in the same way plain and compiled, with everything of it compiled. */
export async function comparePackage(
  { specifier, calls, generated = [], leaveOut }: PackageCalls,
  form: Form,
  mode: Mode,
  flavour: Flavour,
  seed: number,
): Promise<PackageComparison> {
  const bundled = await bundle(specifier, form);
  const snippet = packageSnippet(bundled, calls, leaveOut, seed);
  const expected = await runPlain(snippet);
  const got = await runCompiled(snippet, mode, flavour);
  const again = differ(expected, got) ? await runPlain(snippet) : expected;
  const differences = differencesOf(expected, again, got);
  for (const call of generated) {
    const alone = packageSnippet(bundled, [call], /./, seed);
    const [plain, compiled] = [await runPlain(alone), await runCompiled(alone, mode, flavour)];
    if (!compiled.result.includes('cannot wait here')) differences.push(...differencesOf(plain, plain, compiled));
  }
  return { calls: expected.trace.filter(isOutcome).length, differences };
}

const isOutcome = (line: string): boolean => line.startsWith('log ');

function differ(one: Observation, other: Observation): boolean {
  return one.result !== other.result || one.trace.join('\n') !== other.trace.join('\n');
}

/** What is not the same in two plain runs – the clock, chance – is not compared. */
function differencesOf(expected: Observation, again: Observation, got: Observation): string[] {
  const differences: string[] = [];
  if (expected.result !== got.result && expected.result === again.result)
    differences.push(`result\n  plain:    ${expected.result.slice(0, 600)}\n  compiled: ${got.result.slice(0, 600)}`);
  for (let i = 0; i < Math.max(expected.trace.length, got.trace.length); i++) {
    const [plain, second, compiled] = [expected.trace[i], again.trace[i], got.trace[i]];
    if (plain === compiled || plain !== second) continue;
    const before = expected.trace.slice(0, i).findLast(isOutcome);
    differences.push(
      `after ${before?.slice(0, 120)}\n  plain:    ${plain?.slice(0, 400)}\n  compiled: ${compiled?.slice(0, 400)}`,
    );
    if (differences.length > 5) break;
  }
  return differences;
}
