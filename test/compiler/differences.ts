import { readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import {
  compileSnippets,
  type Flavour,
  type Observation,
  parseSnippets,
  runAllCompiled,
  runAllPlain,
  type SnippetModule,
} from '../../src/script/compiler/compare-with-plain.ts';
import type { Mode } from '../../src/script/compiler/marking.ts';

export const MODES: readonly Mode[] = ['precise', 'conservative', 'all'];

/** A snippet (see compare-with-plain.ts) and the name that it goes by in the list of known differences. */
export interface Case {
  readonly name: string;
  readonly snippet: string;
}

export interface Difference extends Case {
  readonly mode: Mode;
  readonly expected: Observation;
  readonly got: Observation;
}

export interface Comparison {
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/** What cases are compared in. */
export interface Terms {
  readonly modes: readonly Mode[];
  readonly flavour: Flavour;
  /** Decides what a 'mixed' host does. */
  readonly random?: () => number;
  /** Of several asynchronous functions in a case, one begins when the one before has ended: what they do comes in one order. */
  readonly inTurn?: boolean;
  /** Declarations that stand before the cases of a module. */
  readonly prelude?: string;
}

/** Snippets in one module: compiling is what costs. */
const BATCH = 24;
/** What asks the host more often calls itself until the stack is used up: how often that is depends on the size of its frames. */
const MOST_STEPS = 1000;

/** Runs each case plain once and compiled in each mode. What is not valid JavaScript to V8 is not compared. */
export async function findDifferences(cases: readonly Case[], terms: Terms): Promise<Comparison> {
  const differences: Difference[] = [];
  let compared = 0;
  for (let at = 0; at < cases.length; at += BATCH) {
    const part = await compareBatch(cases.slice(at, at + BATCH), terms);
    compared += part.compared;
    differences.push(...part.differences);
  }
  return { compared, differences };
}

async function compareBatch(cases: readonly Case[], terms: Terms): Promise<Comparison> {
  const snippets = cases.map(({ snippet }) => snippet);
  const { modes, flavour, random, inTurn = false, prelude = '' } = terms;
  let module: SnippetModule;
  let expected: Observation[];
  try {
    module = parseSnippets(snippets, prelude);
    expected = await runAllPlain(snippets, prelude);
  } catch (error) {
    // One that is wrong is wrong for all: they are looked at one by one only then.
    const valid = cases.filter(({ snippet }) => isValid(snippet));
    if (valid.length === cases.length) throw error;
    return valid.length === 0 ? { compared: 0, differences: [] } : compareBatch(valid, terms);
  }
  const bounded = cases.filter((_, i) => !endsByStack(expected[i]!, inTurn));
  if (bounded.length < cases.length) {
    // They are not even run compiled: where the stack ends is no place of the program.
    const { compared, differences } =
      bounded.length === 0 ? { compared: 0, differences: [] } : await compareBatch(bounded, terms);
    return { compared: compared + cases.length - bounded.length, differences };
  }
  const differences: Difference[] = [];
  const tried = new Set<string>();
  for (const mode of modes) {
    const compiled = compileSnippets(module, mode);
    // What two modes compile to the same text is one program.
    const code = compiled.program?.code ?? mode;
    if (tried.has(code)) continue;
    tried.add(code);
    const got = await runAllCompiled(compiled, flavour, random);
    for (const [i, one] of cases.entries()) {
      const same = (observation: Observation): boolean =>
        agree(observation, expected[i]!, !inTurn && isConcurrent(one.snippet));
      if (same(got[i]!)) continue;
      // Its neighbours in the module may be the reason: then it stays different only among them.
      const apart = compileSnippets(parseSnippets([one.snippet], prelude), mode);
      const [alone] = await runAllCompiled(apart, flavour, random);
      const failed = got[i]!.result.startsWith('threw SyntaxError');
      if (!same(alone!)) differences.push(differenceOf(one, mode, expected[i]!, alone!));
      else if (!failed) differences.push(differenceOf(one, mode, expected[i]!, got[i]!));
    }
  }
  return { compared: cases.length, differences };
}

/** Whether a program calls itself until the stack is used up. @param isRandom of a random one that is what a RangeError comes from */
function endsByStack({ result, trace }: Observation, isRandom: boolean): boolean {
  return trace.length > MOST_STEPS || (isRandom && [result, ...trace].some((text) => text.includes('RangeError')));
}

/** A refusal is no silent difference: it says so in its name. */
function differenceOf({ name, snippet }: Case, mode: Mode, expected: Observation, got: Observation): Difference {
  const refused = got.result.includes('cannot wait here');
  return { name: refused ? `refused: ${name}` : name, snippet, mode, expected, got };
}

/** Several asynchronous functions: the order in which those go on that may in the same tick is not kept. */
function isConcurrent(snippet: string): boolean {
  return snippet.split('async').length > 2;
}

/** The words of V8's own errors name its expressions; they are not compared, all else is. */
function agree(got: Observation, expected: Observation, inAnyOrder: boolean): boolean {
  return shown(got, inAnyOrder) === shown(expected, inAnyOrder);
}

function shown({ result, trace }: Observation, inAnyOrder: boolean): string {
  const steps = inAnyOrder ? [...trace].sort() : trace;
  const end = result.replace(/threw (TypeError|ReferenceError|RangeError|SyntaxError): .*$/s, 'threw $1');
  return JSON.stringify([end, steps]);
}

/** Whether V8 and the parser that the compiler uses both take the snippet for JavaScript. */
export function isValid(snippet: string): boolean {
  try {
    parseSnippets([snippet]);
    new vm.Script(`'use strict';(function (host, log) {${snippet}\n})`);
    return true;
  } catch {
    return false;
  }
}

/** Whether a case stands in the list of known differences; `*` in its line stands for anything. */
export function isKnownDifference(proof: string, name: string): boolean {
  return knownLines.some((line) => line.proof === proof && line.pattern.test(name));
}

const knownLines = readFileSync(path.join(import.meta.dirname, 'known-differences.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [proof, names] = line.split(' | ') as [string, string];
    const pattern = names
      .split('*')
      .map((text) => RegExp.escape(text))
      .join('.*');
    return { proof, pattern: new RegExp(`^${pattern}$`, 's') };
  });

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
