// CSS selectors, compiled once for all virtual users of a worker.
import { compile } from 'css-select';
import { isDisabled, isOptionDisabled } from './form-fields.ts';
import { childrenOf, descendantsOf, type HtmlElement, type HtmlNode, isElement, textOf } from './html-tree.ts';

/** Selectors that scripts build from data must not fill the memory. */
const KEPT = 1000;

type Test = (element: HtmlElement) => boolean;

const MATCHES_NOTHING: Test = () => false;

/** The text directly in an element, without that of the elements in it. */
function ownText(element: HtmlElement): string {
  return childrenOf(element)
    .filter((child) => !isElement(child))
    .map(textOf)
    .join('');
}

/** Elements that can be disabled. */
const DISABLEABLE: ReadonlySet<string> = new Set([
  'button',
  'fieldset',
  'input',
  'optgroup',
  'option',
  'select',
  'textarea',
]);

/** What k6's selectors have beyond the standard, in lower case as the selector parser gives names. */
const PSEUDOS = {
  // By a name of our own: css-select takes a function for no pseudo-class that it knows as an alias, only another selector.
  disabled: ':can-be-disabled:is-disabled',
  enabled: ':can-be-disabled:not(:is-disabled)',
  'can-be-disabled': (element: HtmlNode) => isElement(element) && DISABLEABLE.has(element.name),
  'is-disabled': (element: HtmlNode) =>
    isElement(element) && (element.name === 'option' ? isOptionDisabled(element) : isDisabled(element)),
  containsown: (element: HtmlNode, text?: string | null) =>
    isElement(element) && ownText(element).includes(unquote(text ?? '')),
  haschild: (element: HtmlNode, selector?: string | null) =>
    childrenOf(element).some((child) => isElement(child) && testOf(selector ?? '*')(child)),
  matchesown: (element: HtmlNode, pattern?: string | null) =>
    isElement(element) && new RegExp(unquote(pattern ?? '')).test(ownText(element)),
};

function unquote(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}

const compiled = new Map<string, Test>();

/** Tells whether an element matches. A selector that cannot be read matches nothing, as in k6. */
export function testOf(selector: string): Test {
  let test = compiled.get(selector);
  if (test === undefined) {
    try {
      test = compile<HtmlNode, HtmlElement>(selector, { pseudos: PSEUDOS, relativeSelector: false });
    } catch {
      test = MATCHES_NOTHING;
    }
    if (compiled.size >= KEPT) compiled.clear();
    compiled.set(selector, test);
  }
  return test;
}

/** The elements below the nodes that match: node by node, each once. */
export function findAll(nodes: readonly HtmlNode[], selector: string): HtmlElement[] {
  const test = testOf(selector);
  if (nodes.length === 1) return [...descendantsOf(nodes[0] as HtmlNode)].filter(test);
  const found = new Set<HtmlElement>();
  for (const node of nodes) for (const element of descendantsOf(node)) if (test(element)) found.add(element);
  return [...found];
}

/** The first of {@link findAll}, without looking for the others. */
export function findFirst(nodes: readonly HtmlNode[], selector: string): HtmlElement | null {
  const test = testOf(selector);
  for (const node of nodes) for (const element of descendantsOf(node)) if (test(element)) return element;
  return null;
}
