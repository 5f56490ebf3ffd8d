import { randomExpression } from './random-expression.ts';
import { randomStatement } from './random-statement.ts';

/** Names in reach and what may stand here. */
export interface Scope {
  readonly values: string[];
  readonly mutable: string[];
  readonly objects: string[];
  readonly functions: string[];
  readonly classes: string[];
  readonly labels: string[];
  readonly inLoop: boolean;
  readonly inSwitch: boolean;
  readonly inAsync: boolean;
  readonly inGenerator: boolean;
  readonly hasThis: boolean;
  readonly hasArguments: boolean;
  readonly mayReturn: boolean;
}

export type FunctionKind = 'plain' | 'generator' | 'async' | 'field';

/** How deep statements and expressions nest, each as often: the few large programs find what the many small ones cannot. */
const DEPTHS = [3, 3, 4, 4, 4, 5] as const;

/** The state of drawing one program. */
export class Draw {
  readonly random: () => number;
  scope: Scope;
  readonly #deepest: number;
  #depth = 0;
  #names = 0;

  constructor(random: () => number, scope: Scope) {
    this.random = random;
    this.scope = scope;
    this.#deepest = this.pick(DEPTHS);
  }

  readonly below = (limit: number): number => Math.floor(this.random() * limit);
  readonly chance = (probability: number): boolean => this.random() < probability;
  readonly pick = <T>(list: readonly T[]): T => list[this.below(list.length)] as T;
  readonly fresh = (letter: string): string => `${letter}${this.#names++}`;

  deep(): boolean {
    return this.#depth >= this.#deepest;
  }

  deeper<T>(run: () => T): T {
    this.#depth++;
    try {
      return run();
    } finally {
      this.#depth--;
    }
  }

  statements(count: number): string {
    return Array.from({ length: count }, () => randomStatement(this)).join(' ');
  }

  expression(): string {
    return randomExpression(this);
  }

  /** In a scope of its own: names declared there end with it. */
  within<T>(change: Partial<Scope>, run: () => T): T {
    const outer = this.scope;
    this.scope = {
      ...outer,
      values: [...outer.values],
      mutable: [...outer.mutable],
      objects: [...outer.objects],
      functions: [...outer.functions],
      classes: [...outer.classes],
      ...change,
    };
    try {
      return run();
    } finally {
      this.scope = outer;
    }
  }

  inFunction<T>(kind: FunctionKind, parameters: readonly string[], run: () => T): T {
    return this.within(
      {
        values: [...this.scope.values, ...parameters],
        labels: [],
        inLoop: false,
        inSwitch: false,
        inAsync: kind === 'async',
        inGenerator: kind === 'generator',
        hasThis: kind === 'plain' || kind === 'field',
        hasArguments: kind === 'plain',
        mayReturn: kind !== 'field',
      },
      run,
    );
  }

  inArrow<T>(parameters: readonly string[], run: () => T): T {
    const { hasThis, hasArguments } = this.scope;
    return this.inFunction('plain', parameters, () => this.within({ hasThis, hasArguments }, run));
  }

  /** In a default: neither await nor yield. */
  inParameters<T>(run: () => T): T {
    return this.within({ inAsync: false, inGenerator: false }, run);
  }

  block(change: Partial<Scope> = {}, count = 1 + this.below(2)): string {
    return this.within(change, () => `{ ${this.statements(count)} }`);
  }
}
