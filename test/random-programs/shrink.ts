import { parse } from 'acorn';
import { childrenOf } from '../../src/script/compiler/keys.ts';
import type { Node } from '../compiler/any-node.ts';
import { isValid } from '../compiler/differences.ts';
import { printTree } from '../compiler/print-tree.ts';

const ZERO = { type: 'Literal', raw: '0', value: 0, start: 0, end: 0 } as const;

/** A place in the tree that holds a node, and what could stand there instead. */
interface Site {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string | number;
  readonly node: Node;
}

const isExpression = (node: Node): boolean =>
  /(?:Expression|Literal|Identifier)$/.test(node.type) && node.type !== 'PrivateIdentifier';

/**
 * Makes a snippet (of one with a function `main`: that) smaller for as long as it fails: leaves out statements and members, puts an expression's part or 0 in
 * its place. Stops at the deadline with the smallest found.
 */
export async function shrink(
  snippet: string,
  fails: (snippet: string) => Promise<boolean>,
  longestMs: number,
): Promise<string> {
  const deadline = performance.now() + longestMs;
  const program = parse(`(function () {${snippet}\n})`, { ecmaVersion: 'latest' }) as unknown as Node;
  const body = ((program['body'] as Node[])[0] as Node)['expression']['body'] as Node;
  const main = (body['body'] as Node[])
    .flatMap((statement) => (statement['declarations'] as Node[] | undefined) ?? [])
    .find((declarator) => (declarator['id'] as Node)['name'] === 'main');
  const print = (): string | null => {
    try {
      return printTree(body, { minified: true });
    } catch {
      return null;
    }
  };
  let smallest = snippet;
  const attempt = async (): Promise<boolean> => {
    const text = print();
    if (text === null || text.length >= smallest.length || !isValid(text) || !(await fails(text))) return false;
    smallest = text;
    return true;
  };
  for (let again = true; again && performance.now() < deadline; ) {
    again = false;
    for (const site of sitesOf((main?.['init'] as Node | undefined) ?? body)) {
      if (performance.now() > deadline) break;
      if (await tryReplacing(site, attempt)) again = true;
    }
  }
  return smallest;
}

async function tryReplacing({ holder, key, node }: Site, attempt: () => Promise<boolean>): Promise<boolean> {
  if (Array.isArray(holder)) {
    const index = holder.indexOf(node);
    if (index < 0) return false;
    holder.splice(index, 1);
    if (await attempt()) return true;
    holder.splice(index, 0, node);
    return false;
  }
  if (holder[key] !== node) return false;
  const children = childrenOf(node as unknown as Parameters<typeof childrenOf>[0]) as readonly Node[];
  const within = isExpression(node) ? children.filter(isExpression) : children;
  // A promise keeps its handlers: one that is rejected without them would end the test.
  const parts = handlesPromise(node) ? [ZERO] : isExpression(node) ? [ZERO, ...within] : within;
  for (const part of parts) {
    holder[key] = part;
    if (await attempt()) return true;
  }
  holder[key] = node;
  return false;
}

function handlesPromise(node: Node): boolean {
  if (node.type !== 'CallExpression') return false;
  const name: unknown = (node['callee'] as Node)['property']?.name;
  return name === 'then' || name === 'catch';
}

/** Every place below the node, outermost first. */
function sitesOf(root: Node): Site[] {
  const sites: Site[] = [];
  const visit = (node: Node): void => {
    if (handlesPromise(node)) {
      visit((node['callee'] as Node)['object'] as Node);
      return;
    }
    for (const [key, value] of Object.entries(node)) {
      const nodes: unknown[] = Array.isArray(value) ? value : [value];
      for (const one of nodes) {
        if (typeof one !== 'object' || one === null || !('type' in one)) continue;
        sites.push({
          holder: Array.isArray(value) ? value : (node as Record<string, unknown>),
          key,
          node: one as Node,
        });
        visit(one as Node);
      }
    }
  };
  visit(root);
  return sites;
}
