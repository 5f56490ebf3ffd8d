/** A small seeded generator (mulberry32), so that a failing program can be made again from its number. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A random snippet: terminates, is valid in strict mode, and asks the host all over the place. */
export function randomProgram(random: () => number): string {
  let names = 0;
  let depth = 0;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const fresh = (letter: string): string => `${letter}${names++}`;
  const scope: { values: string[]; functions: string[]; mutable: string[]; inLoop: boolean; inAsync: boolean }[] = [
    { values: ['0'], functions: ['host'], mutable: [], inLoop: false, inAsync: false },
  ];
  const top = (): (typeof scope)[number] => scope[scope.length - 1] as (typeof scope)[number];
  const nested = <T>(change: Partial<(typeof scope)[number]>, fn: () => T): T => {
    const { values, functions, mutable, inLoop, inAsync } = top();
    scope.push({ values: [...values], functions: [...functions], mutable: [...mutable], inLoop, inAsync, ...change });
    try {
      return fn();
    } finally {
      scope.pop();
    }
  };

  const expression = (): string => {
    if (depth > 4 || random() < 0.25) return random() < 0.5 ? String(Math.floor(random() * 5)) : pick(top().values);
    depth++;
    try {
      const e = expression;
      switch (Math.floor(random() * 22)) {
        case 0:
        case 1:
        case 2:
          return `host(${e()})`;
        case 3:
          return `(${e()} + ${e()})`;
        case 4:
          return `(${e()} ${pick(['&&', '||', '??', '<', '===', '*'])} ${e()})`.replace(/\(([^()]*) \?\? /, '($1 ?? ');
        case 5:
          return `(${e()} ? ${e()} : ${e()})`;
        case 6:
        case 7:
          return `${pick(top().functions)}(${e()}, ${e()})`;
        case 8:
          return `[${e()}, ...[${e()}, ${e()}]].length`;
        case 9:
          return `({ k: ${e()}, ["c" + ${e()}]: ${e()}, ...{ s: ${e()} } }).k`;
        case 10:
          return `[${e()}, ${e()}].map((x) => x + ${e()}).join("")`;
        case 11:
          return `\`\${${e()}}-\${${e()}}\``;
        case 12:
          return `(${e()}, ${e()})`;
        case 13:
          return top().mutable.length > 0 ? `(${pick(top().mutable)} ${pick(['=', '+=', '??='])} ${e()})` : e();
        case 14:
          return `((p, q = ${e()}) => ${nested({ inLoop: false, inAsync: false, values: [...top().values, 'p', 'q'] }, e)})(${e()})`;
        case 15:
          return `({ v: ${e()}, m(x) { return [this.v, x, ${nested({ inLoop: false, inAsync: false }, e)}].join() } })?.m(${e()})`;
        case 16:
          return `(() => { const { a = ${nested({ inLoop: false, inAsync: false }, e)}, b: [c = ${nested({ inLoop: false, inAsync: false }, e)}] } = { b: [] }; return a + c; })()`;
        case 17:
          return `new (class { f = ${nested({ inLoop: false, inAsync: false }, e)}; constructor(z) { this.z = z + ${nested({ inLoop: false, inAsync: false }, e)}; } get w() { return [this.f, this.z].join(); } })(${e()}).w`;
        case 18:
          return `[...(function* () { yield ${nested({ inLoop: false, inAsync: false }, e)}; yield ${nested({ inLoop: false, inAsync: false }, e)}; })()].length`;
        case 19:
          return `typeof ${e()}`;
        case 20:
          return top().inAsync ? `(await ${e()})` : `[${e()}].reduce((s, x) => s + x, ${e()})`;
        default:
          return `((tag) => tag\`a\${${e()}}b\`)((s, v) => s.length + v)`;
      }
    } finally {
      depth--;
    }
  };

  const block = (): string => nested({}, () => `{ ${statements(1 + Math.floor(random() * 2))} }`);

  const statement = (): string => {
    if (depth > 3) return `log(${expression()});`;
    depth++;
    try {
      switch (Math.floor(random() * 15)) {
        case 0:
        case 1: {
          const value = expression();
          const name = fresh('v');
          top().values.push(name);
          top().mutable.push(name);
          return `let ${name} = ${value};`;
        }
        case 2:
          return `if (${expression()}) ${block()} else ${block()}`;
        case 3: {
          const i = fresh('i');
          return `for (let ${i} = 0; ${i} < 2; ${i}++) ${nested({ inLoop: true, values: [...top().values, i] }, block)}`;
        }
        case 4: {
          const x = fresh('x');
          return `for (const ${x} of [${expression()}, ${expression()}]) ${nested({ inLoop: true, values: [...top().values, x] }, block)}`;
        }
        case 5:
        case 6: {
          const e = fresh('e');
          const finalizer = random() < 0.5 ? ` finally ${block()}` : '';
          return `try ${block()} catch (${e}) { log(String(${e})); ${statements(1)} }${finalizer}`;
        }
        case 7:
          return top().inLoop ? `if (${expression()}) ${pick(['break', 'continue'])};` : `log(${expression()});`;
        case 8:
        case 9: {
          const name = fresh('f');
          const body = nested(
            { inLoop: false, inAsync: false, values: [...top().values, 'a', 'b'] },
            () => `${statements(2)} return ${expression()};`,
          );
          top().functions.push(name);
          return `function ${name}(a, b = 1) { if (a === 3) throw new Error("three"); ${body} }`;
        }
        case 10: {
          const name = fresh('G');
          const g = nested(
            { inLoop: false, inAsync: false },
            () => `yield ${expression()}; ${statements(1)} yield ${expression()};`,
          );
          return `{ function* ${name}() { ${g} } for (const y of ${name}()) { log(y); if (${expression()}) break; } }`;
        }
        case 11: {
          const name = fresh('C');
          const value = nested({ inLoop: false, inAsync: false }, expression);
          return `{ class ${name} { constructor(n) { this.n = n; log(${value}); } m() { return this.n; } } class D extends ${name} { x = ${value}; constructor() { super(${value}); } m() { return super.m() + ${value}; } } log(new D().m()); }`;
        }
        case 12: {
          const body = nested({ inLoop: false, inAsync: true }, () => statements(2));
          return `pending.push((async () => { ${body} await null; ${nested({ inLoop: false, inAsync: true }, () => statements(1))} })().catch((e) => log(String(e))));`;
        }
        case 13:
          return `if (${expression()} === 4) return ${expression()};`;
        default:
          return `log(${expression()});`;
      }
    } finally {
      depth--;
    }
  };
  const statements = (count: number): string => Array.from({ length: count }, statement).join(' ');
  const body = statements(5);
  return `const pending = []; const main = () => { ${body} return ${expression()}; }; let r; try { r = main(); } catch (e) { r = String(e); } return Promise.all(pending).then(() => String(r));`;
}
