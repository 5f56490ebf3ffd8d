import type { Draw } from './random-draw.ts';

/** A random statement; what it declares is in the scope of those after it. */
export function randomStatement(draw: Draw): string {
  if (draw.deep()) return `log(${draw.expression()});`;
  return draw.deeper(() => draw.pick(STATEMENTS)(draw));
}

type Maker = (draw: Draw) => string;

function declare(draw: Draw, ...names: string[]): void {
  draw.scope.values.push(...names);
  draw.scope.mutable.push(...names);
}

/** A body in braces or without, since what stands without them is another statement to the compiler. */
function body(draw: Draw, change: Parameters<Draw['within']>[0] = {}): string {
  if (draw.chance(0.7)) return draw.block(change);
  return draw.within(change, () => `log(${draw.expression()});`);
}

const parameters = ['a', 'b'];

const functionDeclaration: Maker = (draw) => {
  const name = draw.fresh('f');
  const code = draw.inFunction(
    'plain',
    parameters,
    () => `tick(); ${draw.statements(1)} return (${draw.expression()});`,
  );
  const text = `function ${name}(a, b = (${draw.inParameters(() => draw.expression())})) { ${code} }`;
  draw.scope.functions.push(name);
  return text;
};

const generator: Maker = (draw) => {
  const name = draw.fresh('g');
  const code = draw.inFunction(
    'generator',
    ['a'],
    () =>
      `tick(); ${draw.statements(1)} yield (${draw.expression()}); ${draw.statements(1)} return (${draw.expression()});`,
  );
  const x = draw.fresh('x');
  const uses = draw.pick([
    () => `for (const ${x} of ${name}(${draw.expression()})) { log(${x}); if (${draw.expression()}) break; }`,
    () => `log([...${name}(1)]);`,
    () => `const [${x}, ...${x}r] = ${name}(2); log([${x}, ${x}r]);`,
    () => `const ${x} = ${name}(3); log(${x}.next(${draw.expression()})); log(${x}.return(${draw.expression()}));`,
    () =>
      `const ${x} = ${name}(4); log(${x}.next()); try { log(${x}.throw(new Error("t"))); } catch (x) { log(text(x)); }`,
  ]);
  return `{ function* ${name}(a) { ${code} } ${uses()} }`;
};

const asyncFunction: Maker = (draw) => {
  const name = draw.fresh('h');
  const code = draw.inFunction(
    'async',
    ['a'],
    () => `tick(); ${draw.statements(1)} await null; ${draw.statements(1)} return (${draw.expression()});`,
  );
  return `{ async function ${name}(a) { ${code} } later(() => ${name}(${draw.expression()})); }`;
};

const asyncGenerator: Maker = (draw) => {
  const name = draw.fresh('ag');
  const code = draw.inFunction(
    'async',
    ['a'],
    () => `yield (${draw.expression()}); ${draw.statements(1)} yield (${draw.expression()});`,
  );
  return `{ async function* ${name}(a) { ${code} } later(async () => { for await (const x of ${name}(1)) { log(x); } }); }`;
};

const classDeclaration: Maker = (draw) => {
  const name = draw.fresh('C');
  const inMember = (names: string[]): string => draw.inFunction('plain', names, () => draw.expression());
  const field = (): string => draw.inFunction('field', [], () => draw.expression());
  const parent = draw.chance(0.5) ? draw.pick(draw.scope.classes) : null;
  const superCall = parent === null ? '' : `super(${inMember(['n'])});`;
  const members = [
    `constructor(n) { ${superCall} this.n = (${inMember(['n'])}); ${draw.inFunction('plain', ['n'], () => draw.statements(1))} }`,
    `m(x) { return [(${inMember(['x'])}), ${parent === null ? 'this.n' : 'super.m(x)'}]; }`,
    `static s(x) { return (${inMember(['x'])}); }`,
    `k = (${field()});`,
    `static q = (${field()});`,
    `#p = (${field()}); p() { return this.#p; }`,
    `get g() { return (${inMember([])}); } set g(v) { log((${inMember(['v'])})); }`,
    `*it(x) { yield (${inMember(['x'])}); }`,
    `[(${draw.expression()})](x) { return x; }`,
    `static { log((${field()})); }`,
    `#h(x) { return (${inMember(['x'])}); } h(x) { return this.#h(x); }`,
  ];
  const kept = members.filter((_, i) => (i === 0 ? parent === null || draw.chance(0.8) : i < 3 || draw.chance(0.3)));
  const text = `class ${name}${parent === null ? '' : ` extends ${parent}`} { ${kept.join(' ')} }`;
  draw.scope.classes.push(name);
  return text;
};

const STATEMENTS: readonly Maker[] = [
  (draw) => {
    const value = draw.expression();
    const name = draw.fresh('v');
    declare(draw, name);
    return `${draw.pick(['let', 'let', 'var'])} ${name} = (${value});`;
  },
  (draw) => {
    const value = draw.expression();
    const name = draw.fresh('o');
    const text = `const ${name} = { k: (${value}), n: 1, f: [(${draw.expression()})], m(x) { return (${draw.inFunction('plain', ['x'], () => draw.expression())}); } };`;
    draw.scope.objects.push(name);
    draw.scope.values.push(name);
    return text;
  },
  (draw) => {
    const [a, b] = [draw.fresh('d'), draw.fresh('d')];
    const text = draw.pick([
      () => `let { k: ${a} = (${draw.expression()}), ...${b} } = ${draw.pick(draw.scope.objects)};`,
      () => `let [${a}, ${b} = (${draw.expression()})] = [(${draw.expression()})];`,
      () => `let [${a}, ...${b}] = ${draw.pick(['I', '"xyz"', '[1, 2, 3]'])};`,
      () => `let { [${draw.expression()}]: ${a}, f: { length: ${b} } = [] } = ${draw.pick(draw.scope.objects)};`,
    ])();
    declare(draw, a, b);
    return text;
  },
  (draw) => `log(${draw.expression()});`,
  (draw) => `log(${draw.expression()});`,
  (draw) => `${draw.expression()};`,
  (draw) => `if (${draw.expression()}) ${body(draw)}`,
  (draw) => `if (${draw.expression()}) ${body(draw)} else ${body(draw)}`,
  (draw) => {
    const i = draw.fresh('i');
    const inside = { inLoop: true, values: [...draw.scope.values, i] };
    return `for (let ${i} = 0; ${i} < 2 && (tick(), true); ${i}++) ${body(draw, inside)}`;
  },
  (draw) => {
    const i = draw.fresh('i');
    const code = draw.block({ inLoop: true, values: [...draw.scope.values, i] });
    return draw.chance(0.5)
      ? `{ let ${i} = 2; while (${i}-- > 0) ${code} }`
      : `{ let ${i} = 2; do ${code} while (--${i} > 0 && ((${draw.expression()}), true)); }`;
  },
  (draw) => {
    const x = draw.fresh('x');
    const over = draw.pick([`[(${draw.expression()}), (${draw.expression()})]`, 'I', '"ab"', `(${draw.expression()})`]);
    const head = draw.chance(0.2) && draw.scope.mutable.length > 0 ? draw.pick(draw.scope.mutable) : `const ${x}`;
    const values = head.startsWith('const') ? [...draw.scope.values, x] : draw.scope.values;
    return `for (${head} of ${over}) ${body(draw, { inLoop: true, values: [...values] })}`;
  },
  (draw) => {
    const x = draw.fresh('x');
    return `for (const ${x} in ${draw.pick(['{ k: 1, n: 2 }', 'null', `[(${draw.expression()})]`])}) ${body(draw, { inLoop: true, values: [...draw.scope.values, x] })}`;
  },
  (draw) => {
    const one = (): string =>
      `case (${draw.expression()}): ${draw.within({ inSwitch: true }, () => draw.statements(1))} ${draw.chance(0.5) ? 'break;' : ''}`;
    return `switch (${draw.expression()}) { ${one()} ${draw.chance(0.5) ? `default: log(${draw.expression()});` : ''} ${one()} }`;
  },
  (draw) => {
    const e = draw.fresh('e');
    const handler = draw.chance(0.8)
      ? ` catch (${e}) { log(text(${e})); ${draw.within({}, () => draw.statements(1))} }`
      : '';
    const finalizer = handler === '' || draw.chance(0.4) ? ` finally ${draw.block()}` : '';
    return `try ${draw.block()}${handler}${finalizer}`;
  },
  (draw) => {
    const e = draw.fresh('e');
    return `try ${draw.block()} catch (${e}) { log(text(${e})); }`;
  },
  (draw) =>
    draw.scope.inLoop ? `if (${draw.expression()}) ${draw.pick(['break', 'continue'])};` : `log(${draw.expression()});`,
  (draw) => (draw.scope.labels.length > 0 ? `if (${draw.expression()}) break ${draw.pick(draw.scope.labels)};` : `;`),
  (draw) => {
    const l = draw.fresh('l');
    return `${l}: ${draw.block({ labels: [...draw.scope.labels, l] })}`;
  },
  (draw) => (draw.scope.mayReturn ? `if (${draw.expression()}) return (${draw.expression()});` : ';'),
  (draw) =>
    `if (${draw.expression()}) throw ${draw.pick(['new Error("x")', 'new TypeError("y")', draw.expression()])};`,
  functionDeclaration,
  functionDeclaration,
  generator,
  asyncFunction,
  asyncGenerator,
  classDeclaration,
  classDeclaration,
  (draw) => {
    const [name, early] = [draw.fresh('t'), draw.fresh('u')];
    return `{ const ${early} = () => ${name}; try { log(${early}()); } catch (x) { log(text(x)); } let ${name} = (${draw.expression()}); log(${early}()); }`;
  },
  (draw) => {
    const [fs, i] = [draw.fresh('fs'), draw.fresh('i')];
    return `{ const ${fs} = []; for (let ${i} = 0; ${i} < 2; ${i}++) { ${fs}.push(() => (${draw.inArrow([i], () => draw.expression())})); } for (const f of ${fs}) log(f()); }`;
  },
];
