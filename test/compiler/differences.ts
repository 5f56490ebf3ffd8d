import { readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import {
  type Flavour,
  type Observation,
  runAllCompiled,
  runAllPlain,
} from '../../src/script/compiler/compare-with-plain.ts';
import type { Mode } from '../../src/script/compiler/marking.ts';

export const MODES: readonly Mode[] = ['precise', 'conservative', 'all'];

/** A snippet (see compare-with-plain.ts) and the name that it goes by in the list of known differences. */
export interface Case {
  readonly name: string;
  readonly snippet: string;
}

export interface Difference extends Case {
  readonly expected: Observation;
  readonly got: Observation;
}

export interface Comparison {
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/** Snippets in one module: compiling is what costs. */
const BATCH = 24;

/**
 * Runs each case plain and compiled. What is not valid JavaScript to V8 is not compared.
 * @param random decides what a 'mixed' host does
 */
export async function findDifferences(
  cases: readonly Case[],
  mode: Mode,
  flavour: Flavour,
  random?: () => number,
): Promise<Comparison> {
  const valid = cases.filter(({ snippet }) => isValid(snippet));
  const differences: Difference[] = [];
  for (let at = 0; at < valid.length; at += BATCH) {
    const batch = valid.slice(at, at + BATCH);
    const snippets = batch.map(({ snippet }) => snippet);
    const expected = await runAllPlain(snippets);
    const got = await runAllCompiled(snippets, mode, flavour, random);
    for (const [i, one] of batch.entries()) {
      if (agree(got[i]!, expected[i]!)) continue;
      // Its neighbours in the module may be the reason: then it stays different only among them.
      const alone = (await runAllCompiled([one.snippet], mode, flavour, random))[0]!;
      const failed = got[i]!.result.startsWith('threw SyntaxError');
      if (!agree(alone, expected[i]!)) differences.push({ ...one, expected: expected[i]!, got: alone });
      else if (!failed) differences.push({ ...one, expected: expected[i]!, got: got[i]! });
    }
  }
  return { compared: valid.length, differences };
}

/** The words of V8's own errors name its expressions; they are not compared, all else is. */
export function agree(got: Observation, expected: Observation): boolean {
  return show(got) === show(expected);
}

function show({ result, trace }: Observation): string {
  return JSON.stringify([result, trace]).replace(
    /threw (TypeError|ReferenceError|RangeError|SyntaxError): .*?(?=",\[)/,
    'threw $1',
  );
}

export function isValid(snippet: string): boolean {
  try {
    new vm.Script(`'use strict';(function (host, log) {${snippet}\n})`);
    return true;
  } catch {
    return false;
  }
}

/** Known differences of one proof: name → reason. */
export function knownDifferences(proof: string): ReadonlyMap<string, string> {
  const lines = readFileSync(path.join(import.meta.dirname, 'known-differences.txt'), 'utf8').split('\n');
  const known = new Map<string, string>();
  for (const line of lines) {
    if (line === '' || line.startsWith('#')) continue;
    const [of, name, reason] = line.split(' | ') as [string, string, string];
    if (of === proof) known.set(name, reason);
  }
  return known;
}

/** What a failing proof says: the first differences whole, the others by name. */
export function describeDifferences(differences: readonly Difference[]): string {
  const whole = differences
    .slice(0, 8)
    .map(
      ({ name, snippet, expected, got }) =>
        `${name}\n  ${snippet}\n  plain:    ${expected.result} after ${expected.trace.join(' · ')}\n  compiled: ${got.result} after ${got.trace.join(' · ')}`,
    );
  const others = differences.slice(8, 200).map(({ name }) => name);
  return `${differences.length} differ:\n${whole.join('\n')}\n${others.join('\n')}`;
}
