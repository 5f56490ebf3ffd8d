import { parse } from 'acorn';
import type { Node } from './any-node.ts';
import { BINARY, holdsCall, PRECEDENCE, precedenceOf } from './precedence.ts';
import { type Layout, layOut, type Token } from './tokens.ts';

/** The text of a program's tree with no parenthesis that is not needed – or, roomy, with some more. */
export function printTree(node: Node, layout: Layout): string {
  return layOut(new Printer(layout).program(node), layout);
}

/** Writes a function's body anew. */
export function reprint(body: string, layout: Layout): string {
  const tree = parse(`(function () {${body}\n})`, { ecmaVersion: 'latest' }) as unknown as Node;
  return printTree((((tree['body'] as Node[])[0] as Node)['expression'] as Node)['body'] as Node, layout);
}

/** Whether an `else` after this statement would become a part of it. */
function takesElse(statement: Node): boolean {
  switch (statement.type) {
    case 'IfStatement':
      return statement['alternate'] ? takesElse(statement['alternate'] as Node) : true;
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'LabeledStatement':
      return takesElse(statement['body'] as Node);
    default:
      return false;
  }
}

const text = (...words: string[]): Token[] => words.map((word) => ({ text: word }));
const glued = (word: string): Token => ({ text: word, glued: true });
const END: Token = { text: ';', ends: 'statement' };

class Printer {
  readonly #layout: Layout;
  /** In the head of a `for`, where `in` would end the expression. */
  #noIn = false;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  program(node: Node): Token[] {
    return this.#statements(node['body'] as Node[]);
  }

  /** An expression where one of at least this precedence is wanted. */
  expression(node: Node, least: number): Token[] {
    const isIn = this.#noIn && node.type === 'BinaryExpression' && node['operator'] === 'in';
    const more = !this.#layout.minified && node.type !== 'Super' && this.#isExtra(node);
    if (isIn || more || precedenceOf(node) < least) return this.#parenthesised(node);
    return this.#bare(node, least);
  }

  /** A parenthesis that is not needed, where it changes nothing: functions keep their names only without. */
  #isExtra(node: Node): boolean {
    if (this.#layout.minified) return false;
    if (/Function|Class|Chain|Call|Member|Private|Meta|Spread|Import/.test(node.type)) return false;
    return node.type !== 'Identifier' && this.#layout.random() < 0.1;
  }

  #parenthesised(node: Node): Token[] {
    return this.#open(() => [...text('('), ...this.#bare(node, PRECEDENCE.sequence), ...text(')')]);
  }

  /** Within brackets of any kind `in` is an operator again. */
  #open<T>(run: () => T): T {
    const outer = this.#noIn;
    this.#noIn = false;
    try {
      return run();
    } finally {
      this.#noIn = outer;
    }
  }

  #list(items: readonly (Node | null)[]): Token[] {
    return this.#open(() => {
      const tokens: Token[] = [];
      items.forEach((item, i) => {
        if (item !== null) tokens.push(...this.#item(item));
        if (i < items.length - 1 || item === null) tokens.push(...text(','));
      });
      return tokens;
    });
  }

  #item(item: Node): Token[] {
    if (item.type === 'SpreadElement')
      return [...text('...'), ...this.expression(item['argument'] as Node, PRECEDENCE.assignment)];
    if (item.type.endsWith('Pattern') || item.type === 'RestElement') return this.#pattern(item);
    return this.expression(item, PRECEDENCE.assignment);
  }

  #pattern(node: Node): Token[] {
    switch (node.type) {
      case 'ArrayPattern':
        return [...text('['), ...this.#list(node['elements'] as (Node | null)[]), ...text(']')];
      case 'ObjectPattern':
        return [...text('{'), ...this.#properties(node['properties'] as Node[]), ...text('}')];
      case 'AssignmentPattern':
        return [
          ...this.#pattern(node['left'] as Node),
          ...text('='),
          ...this.expression(node['right'] as Node, PRECEDENCE.assignment),
        ];
      case 'RestElement':
        return [...text('...'), ...this.#pattern(node['argument'] as Node)];
      default:
        return this.expression(node, PRECEDENCE.call);
    }
  }

  #properties(properties: readonly Node[]): Token[] {
    return this.#open(() =>
      properties.flatMap((property, i) => [
        ...this.#property(property),
        ...(i < properties.length - 1 ? text(',') : []),
      ]),
    );
  }

  #property(node: Node): Token[] {
    if (node.type === 'SpreadElement' || node.type === 'RestElement') return this.#item(node);
    const value = node['value'] as Node;
    if (node['shorthand'] === true) return this.#pattern(value);
    if (node['method'] === true || node['kind'] === 'get' || node['kind'] === 'set') {
      const prefix = node['method'] === true ? [] : text(node['kind'] as string);
      return [...prefix, ...this.#method(node, value)];
    }
    return [...this.#key(node), ...text(':'), ...this.#item(value)];
  }

  #key(node: Node): Token[] {
    const key = node['key'] as Node;
    if (node['computed'] === true)
      return this.#open(() => [...text('['), ...this.expression(key, PRECEDENCE.assignment), ...text(']')]);
    if (key.type === 'PrivateIdentifier') return text(`#${key['name'] as string}`);
    return text((key['raw'] as string | undefined) ?? (key['name'] as string) ?? JSON.stringify(key['value']));
  }

  #method(node: Node, fn: Node): Token[] {
    return [
      ...(fn['async'] === true ? [glued('async')] : []),
      ...(fn['generator'] === true ? text('*') : []),
      ...this.#key(node),
      ...this.#parameters(fn),
      ...this.#block(fn['body'] as Node),
    ];
  }

  #parameters(fn: Node): Token[] {
    return [...text('('), ...this.#list(fn['params'] as Node[]), ...text(')')];
  }

  #block(node: Node): Token[] {
    return this.#open(() => [...text('{'), ...this.#statements(node['body'] as Node[]), ...text('}')]);
  }

  #bare(node: Node, least: number): Token[] {
    switch (node.type) {
      case 'Identifier':
        return text(node['name'] as string);
      case 'PrivateIdentifier':
        return text(`#${node['name'] as string}`);
      case 'Literal':
        return text(node['raw'] as string);
      case 'ThisExpression':
        return text('this');
      case 'Super':
        return text('super');
      case 'MetaProperty':
        return text((node['meta'] as Node)['name'] as string, '.', (node['property'] as Node)['name'] as string);
      case 'ParenthesizedExpression':
        return this.#parenthesised(node['expression'] as Node);
      case 'SequenceExpression':
        return this.#joined(node['expressions'] as Node[]);
      case 'ArrayExpression':
        return [...text('['), ...this.#list(node['elements'] as (Node | null)[]), ...text(']')];
      case 'ObjectExpression':
        return [...text('{'), ...this.#properties(node['properties'] as Node[]), ...text('}')];
      case 'FunctionExpression':
      case 'FunctionDeclaration':
        return this.#function(node);
      case 'ArrowFunctionExpression':
        return this.#arrow(node);
      case 'ClassExpression':
      case 'ClassDeclaration':
        return this.#class(node);
      case 'TemplateLiteral':
        return this.#template(node);
      case 'TaggedTemplateExpression':
        return [...this.#head(node['tag'] as Node), ...this.#template(node['quasi'] as Node)];
      case 'ChainExpression':
        return this.#bare(node['expression'] as Node, least);
      case 'MemberExpression':
        return this.#member(node);
      case 'CallExpression':
        return [
          ...this.#head(node['callee'] as Node),
          ...text(...(node['optional'] === true ? ['?.'] : []), '('),
          ...this.#list(node['arguments'] as Node[]),
          ...text(')'),
        ];
      case 'ImportExpression':
        return [
          ...text('import', '('),
          ...this.#list([node['source'] as Node, ...(node['options'] ? [node['options'] as Node] : [])]),
          ...text(')'),
        ];
      case 'NewExpression':
        return this.#new(node, least);
      case 'UnaryExpression':
        return [...text(node['operator'] as string), ...this.expression(node['argument'] as Node, PRECEDENCE.unary)];
      case 'AwaitExpression':
        return [...text('await'), ...this.expression(node['argument'] as Node, PRECEDENCE.unary)];
      case 'UpdateExpression':
        return this.#update(node);
      case 'BinaryExpression':
      case 'LogicalExpression':
        return this.#binary(node);
      case 'ConditionalExpression':
        return [
          ...this.expression(node['test'] as Node, PRECEDENCE.nullish),
          ...text('?'),
          ...this.#open(() => this.expression(node['consequent'] as Node, PRECEDENCE.assignment)),
          ...text(':'),
          ...this.expression(node['alternate'] as Node, PRECEDENCE.assignment),
        ];
      case 'AssignmentExpression':
        return [
          ...this.#pattern(node['left'] as Node),
          ...text(node['operator'] as string),
          ...this.expression(node['right'] as Node, PRECEDENCE.assignment),
        ];
      case 'YieldExpression': {
        const argument = node['argument'] as Node | null;
        if (argument === null) return text('yield');
        return [
          glued('yield'),
          ...(node['delegate'] === true ? text('*') : []),
          ...this.expression(argument, PRECEDENCE.assignment),
        ];
      }
      default:
        throw new Error(`no expression: ${node.type}`);
    }
  }

  #joined(expressions: readonly Node[]): Token[] {
    return expressions.flatMap((one, i) => [
      ...(i > 0 ? text(',') : []),
      ...this.expression(one, PRECEDENCE.assignment),
    ]);
  }

  /** What a member access or call applies to: a chain of its own ends there, so it keeps its parentheses. */
  #head(node: Node): Token[] {
    return node.type === 'ChainExpression' ? this.#parenthesised(node) : this.expression(node, PRECEDENCE.call);
  }

  #member(node: Node): Token[] {
    const object = this.#head(node['object'] as Node);
    const optional = node['optional'] === true;
    const property = node['property'] as Node;
    if (node['computed'] === true)
      return this.#open(() => [
        ...object,
        ...text(...(optional ? ['?.'] : []), '['),
        ...this.expression(property, PRECEDENCE.sequence),
        ...text(']'),
      ]);
    const name =
      property.type === 'PrivateIdentifier' ? `#${property['name'] as string}` : (property['name'] as string);
    return [...object, ...text(optional ? '?.' : '.', name)];
  }

  #new(node: Node, least: number): Token[] {
    const callee = node['callee'] as Node;
    const list = node['arguments'] as Node[];
    const head = holdsCall(callee) ? this.#parenthesised(callee) : this.expression(callee, PRECEDENCE.primary);
    const bare = list.length === 0 && least <= PRECEDENCE.new && (this.#layout.minified || this.#layout.random() < 0.5);
    return [...text('new'), ...head, ...(bare ? [] : [...text('('), ...this.#list(list), ...text(')')])];
  }

  #update(node: Node): Token[] {
    const operator = node['operator'] as string;
    const argument = this.expression(node['argument'] as Node, PRECEDENCE.call);
    if (node['prefix'] === true) return [...text(operator), ...argument];
    const last = argument.at(-1) as Token;
    return [...argument.slice(0, -1), glued(last.text), ...text(operator)];
  }

  #binary(node: Node): Token[] {
    const operator = node['operator'] as string;
    const precedence = BINARY[operator] as number;
    const mixes = (side: Node): boolean =>
      side.type === 'LogicalExpression' &&
      side['operator'] !== operator &&
      (operator === '??' ? true : side['operator'] === '??');
    const side = (child: Node, least: number): Token[] =>
      mixes(child) ? this.#parenthesised(child) : this.expression(child, least);
    const isPower = operator === '**';
    const left = node['left'] as Node;
    const leftLeast = isPower ? PRECEDENCE.postfix : precedence;
    const prefix = isPower && left.type === 'UpdateExpression' && left['prefix'] === true;
    return [
      ...(prefix ? this.#bare(left, PRECEDENCE.unary) : side(left, leftLeast)),
      ...text(operator),
      ...side(node['right'] as Node, isPower ? precedence : precedence + 1),
    ];
  }

  #template(node: Node): Token[] {
    const quasis = node['quasis'] as Node[];
    const expressions = node['expressions'] as Node[];
    return this.#open(() => {
      // A template is one token: what stands between its braces is laid out for itself.
      let written = '`';
      quasis.forEach((quasi, i) => {
        written += (quasi['value'] as { raw: string }).raw;
        const expression = expressions[i];
        if (expression) written += `\${${layOut(this.expression(expression, PRECEDENCE.sequence), this.#layout)}}`;
      });
      return text(`${written}\``);
    });
  }

  #function(node: Node): Token[] {
    const id = node['id'] as Node | null;
    return [
      ...(node['async'] === true ? [glued('async')] : []),
      ...text('function', ...(node['generator'] === true ? ['*'] : []), ...(id ? [id['name'] as string] : [])),
      ...this.#parameters(node),
      ...this.#block(node['body'] as Node),
    ];
  }

  #arrow(node: Node): Token[] {
    const params = node['params'] as Node[];
    const body = node['body'] as Node;
    const [only] = params;
    const short = this.#layout.minified && params.length === 1 && only?.type === 'Identifier';
    const head = short ? text((only as Node)['name'] as string) : this.#parameters(node);
    const last = head.pop() as Token;
    const tokens = [...(node['async'] === true ? [glued('async')] : []), ...head, glued(last.text), ...text('=>')];
    if (body.type === 'BlockStatement') return [...tokens, ...this.#block(body)];
    const result = this.expression(body, PRECEDENCE.assignment);
    return [...tokens, ...(result[0]?.text === '{' ? this.#parenthesised(body) : result)];
  }

  #class(node: Node): Token[] {
    const id = node['id'] as Node | null;
    const parent = node['superClass'] as Node | null;
    return this.#open(() => [
      ...text('class', ...(id ? [id['name'] as string] : [])),
      ...(parent
        ? [
            ...text('extends'),
            ...(parent.type === 'ChainExpression'
              ? this.#parenthesised(parent)
              : this.expression(parent, PRECEDENCE.call)),
          ]
        : []),
      ...text('{'),
      ...((node['body'] as Node)['body'] as Node[]).flatMap((member) => this.#classMember(member)),
      ...text('}'),
    ]);
  }

  #classMember(member: Node): Token[] {
    if (member.type === 'StaticBlock')
      return [...text('static', '{'), ...this.#statements(member['body'] as Node[]), ...text('}')];
    const isStatic = member['static'] === true ? text('static') : [];
    if (member.type === 'PropertyDefinition') {
      const value = member['value'] as Node | null;
      return [
        ...isStatic,
        ...this.#key(member),
        ...(value ? [...text('='), ...this.expression(value, PRECEDENCE.assignment)] : []),
        { text: ';', ends: 'field' },
      ];
    }
    const kind = member['kind'] as string;
    return [
      ...isStatic,
      ...(kind === 'get' || kind === 'set' ? text(kind) : []),
      ...this.#method(member, member['value'] as Node),
    ];
  }

  #statements(statements: readonly Node[]): Token[] {
    return statements.flatMap((statement) => this.#statement(statement));
  }

  #declaration(node: Node): Token[] {
    return [
      ...text(node['kind'] as string),
      ...(node['declarations'] as Node[]).flatMap((one, i) => [
        ...(i > 0 ? text(',') : []),
        ...this.#pattern(one['id'] as Node),
        ...(one['init'] ? [...text('='), ...this.expression(one['init'] as Node, PRECEDENCE.assignment)] : []),
      ]),
    ];
  }

  /** In parentheses, as after `if`. */
  #test(node: Node): Token[] {
    return this.#open(() => [...text('('), ...this.expression(node, PRECEDENCE.sequence), ...text(')')]);
  }

  #forHead(node: Node | null): Token[] {
    if (node === null) return [];
    this.#noIn = true;
    try {
      return node.type === 'VariableDeclaration' ? this.#declaration(node) : this.expression(node, PRECEDENCE.sequence);
    } finally {
      this.#noIn = false;
    }
  }

  /** A statement's body; what would swallow the `else` that follows gets braces. */
  #body(node: Node, beforeElse = false): Token[] {
    const isDeclaration = /^(?:Function|Class)Declaration$/.test(node.type);
    if (isDeclaration || (beforeElse && takesElse(node))) return [...text('{'), ...this.#statement(node), ...text('}')];
    return this.#statement(node);
  }

  #statement(node: Node): Token[] {
    switch (node.type) {
      case 'EmptyStatement':
        return text(';');
      case 'DebuggerStatement':
        return [...text('debugger'), END];
      case 'BlockStatement':
        return this.#block(node);
      case 'ExpressionStatement': {
        const expression = node['expression'] as Node;
        const tokens = this.expression(expression, PRECEDENCE.sequence);
        const start = `${tokens[0]?.text} ${tokens[1]?.text ?? ''}`;
        const hazard = /^(?:\{|function\b|class\b|async function\b|let \[)/.test(start);
        // A string in parentheses is no directive.
        const directive = node['directive'] === undefined && expression.type === 'Literal' && /^['"]/.test(start);
        return [...(hazard || directive ? this.#parenthesised(expression) : tokens), END];
      }
      case 'VariableDeclaration':
        return [...this.#declaration(node), END];
      case 'FunctionDeclaration':
        return this.#function(node);
      case 'ClassDeclaration':
        return this.#class(node);
      case 'ReturnStatement':
      case 'ThrowStatement': {
        const word = node.type === 'ReturnStatement' ? 'return' : 'throw';
        const argument = node['argument'] as Node | null;
        return [glued(word), ...(argument ? this.expression(argument, PRECEDENCE.sequence) : []), END];
      }
      case 'BreakStatement':
      case 'ContinueStatement': {
        const label = node['label'] as Node | null;
        return [
          glued(node.type === 'BreakStatement' ? 'break' : 'continue'),
          ...(label ? text(label['name'] as string) : []),
          END,
        ];
      }
      case 'LabeledStatement':
        return [...text((node['label'] as Node)['name'] as string, ':'), ...this.#body(node['body'] as Node)];
      case 'IfStatement': {
        const alternate = node['alternate'] as Node | null;
        return [
          ...text('if'),
          ...this.#test(node['test'] as Node),
          ...this.#body(node['consequent'] as Node, alternate !== null && alternate !== undefined),
          ...(alternate ? [...text('else'), ...this.#body(alternate)] : []),
        ];
      }
      case 'WhileStatement':
        return [...text('while'), ...this.#test(node['test'] as Node), ...this.#body(node['body'] as Node)];
      case 'DoWhileStatement':
        return [
          ...text('do'),
          ...this.#body(node['body'] as Node),
          ...text('while'),
          ...this.#test(node['test'] as Node),
          ...text(';'),
        ];
      case 'ForStatement':
        return [
          ...text('for', '('),
          ...this.#forHead((node['init'] as Node | null) ?? null),
          ...text(';'),
          ...(node['test'] ? this.expression(node['test'] as Node, PRECEDENCE.sequence) : []),
          ...text(';'),
          ...(node['update'] ? this.expression(node['update'] as Node, PRECEDENCE.sequence) : []),
          ...text(')'),
          ...this.#body(node['body'] as Node),
        ];
      case 'ForInStatement':
      case 'ForOfStatement': {
        const isOf = node.type === 'ForOfStatement';
        const left = node['left'] as Node;
        return [
          ...text('for', ...(node['await'] === true ? ['await'] : []), '('),
          ...(left.type === 'VariableDeclaration' ? this.#forHead(left) : this.#pattern(left)),
          ...text(isOf ? 'of' : 'in'),
          ...this.expression(node['right'] as Node, isOf ? PRECEDENCE.assignment : PRECEDENCE.sequence),
          ...text(')'),
          ...this.#body(node['body'] as Node),
        ];
      }
      case 'SwitchStatement':
        return [
          ...text('switch'),
          ...this.#test(node['discriminant'] as Node),
          ...text('{'),
          ...(node['cases'] as Node[]).flatMap((one) => [
            ...(one['test']
              ? [...text('case'), ...this.expression(one['test'] as Node, PRECEDENCE.sequence)]
              : text('default')),
            ...text(':'),
            ...this.#statements(one['consequent'] as Node[]),
          ]),
          ...text('}'),
        ];
      case 'TryStatement': {
        const handler = node['handler'] as Node | null;
        const finalizer = node['finalizer'] as Node | null;
        return [
          ...text('try'),
          ...this.#block(node['block'] as Node),
          ...(handler
            ? [
                ...text('catch'),
                ...(handler['param'] ? [...text('('), ...this.#pattern(handler['param'] as Node), ...text(')')] : []),
                ...this.#block(handler['body'] as Node),
              ]
            : []),
          ...(finalizer ? [...text('finally'), ...this.#block(finalizer)] : []),
        ];
      }
      default:
        throw new Error(`no statement: ${node.type}`);
    }
  }
}
