// What the fields of a form hold and what a browser would send of them.
import {
  attributeOf,
  descendantsOf,
  documentOf,
  enclosing,
  type HtmlElement,
  type HtmlNode,
  isElement,
  textOf,
} from './html-tree.ts';

export interface FormField {
  readonly name: string;
  /** A list for a `select` that allows several. */
  readonly value: string | readonly string[];
}

const FIELDS: ReadonlySet<string> = new Set(['input', 'select', 'textarea']);
/** Inputs that are only sent when they are clicked, or that cannot be sent from markup. */
const UNSENT: ReadonlySet<string> = new Set(['submit', 'button', 'reset', 'image', 'file']);

/** The value of a field; several for a `select` that allows it, undefined for what has none. */
export function fieldValue(node: HtmlNode): string | string[] | undefined {
  if (!isElement(node)) return undefined;
  switch (node.name) {
    case 'input':
      return attributeOf(node, 'value') ?? (isCheckable(node) ? 'on' : '');
    case 'button':
    case 'data':
    case 'meter':
    case 'progress':
    case 'param':
      return attributeOf(node, 'value') ?? '';
    case 'li':
      return attributeOf(node, 'value');
    case 'textarea':
    case 'output':
      return textOf(node);
    case 'option':
      return optionValue(node);
    case 'select':
      return 'multiple' in node.attribs
        ? selectedOptions(node).map(optionValue)
        : (selectedOptions(node).map(optionValue)[0] ?? undefined);
    default:
      return undefined;
  }
}

/** Options at any depth: those in an optgroup too. */
export function optionsOf(select: HtmlNode): HtmlElement[] {
  return [...descendantsOf(select)].filter(({ name }) => name === 'option');
}

/** As a browser: the last one marked, or the first that can be chosen, unless several are allowed. */
export function selectedOptions(select: HtmlElement): HtmlElement[] {
  const options = optionsOf(select);
  const marked = options.filter((option) => 'selected' in option.attribs);
  if ('multiple' in select.attribs) return marked;
  const chosen = marked.at(-1) ?? options.find((option) => !isOptionDisabled(option));
  return chosen === undefined ? [] : [chosen];
}

/** The `value` attribute, or the text with its white space collapsed. */
export function optionValue(option: HtmlElement): string {
  return attributeOf(option, 'value') ?? optionText(option);
}

/** The text with its white space collapsed. */
export function optionText(option: HtmlElement): string {
  return textOf(option).trim().replace(/\s+/g, ' ');
}

function typeOf(input: HtmlElement): string {
  return (attributeOf(input, 'type') ?? 'text').toLowerCase();
}

function isCheckable(element: HtmlElement): boolean {
  if (element.name !== 'input') return false;
  const type = typeOf(element);
  return type === 'checkbox' || type === 'radio';
}

/** Disabled itself, or by a `fieldset` around it (whose first legend stays in use). */
export function isDisabled(element: HtmlElement): boolean {
  if ('disabled' in element.attribs) return true;
  let inside: HtmlNode = element;
  for (let at = element.parent; at !== null; inside = at, at = at.parent) {
    if (!isElement(at) || at.name !== 'fieldset' || !('disabled' in at.attribs)) continue;
    const legend = at.children.find((child) => isElement(child) && child.name === 'legend');
    if (inside !== legend) return true;
  }
  return false;
}

/** Disabled itself, or by the `optgroup` around it; never by a `fieldset`. */
export function isOptionDisabled(option: HtmlElement): boolean {
  return 'disabled' in option.attribs || attributeOf(enclosing(option, 'optgroup'), 'disabled') !== undefined;
}

/** The elements that belong to a form: those in it and those that name it, in the order of the page. */
export function elementsOfForm(form: HtmlNode, names: ReadonlySet<string>): HtmlElement[] {
  const id = attributeOf(form, 'id');
  return [...descendantsOf(documentOf(form))].filter((element) => {
    if (!names.has(element.name)) return false;
    const owner = attributeOf(element, 'form');
    return owner === undefined ? enclosing(element, 'form') === form : owner === id;
  });
}

/** The names and values that would be sent: of forms their fields, of other nodes those that are fields. */
export function fieldsOf(nodes: readonly HtmlNode[]): FormField[] {
  const fields: FormField[] = [];
  for (const node of nodes) {
    if (!isElement(node)) continue;
    for (const element of node.name === 'form' ? elementsOfForm(node, FIELDS) : [node]) {
      const name = attributeOf(element, 'name') ?? '';
      if (name === '' || !FIELDS.has(element.name) || isDisabled(element)) continue;
      if (element.name === 'input' && UNSENT.has(typeOf(element))) continue;
      if (isCheckable(element) && !('checked' in element.attribs)) continue;
      const value = fieldValue(element);
      if (value === undefined) continue;
      fields.push({ name, value });
    }
  }
  return fields;
}

/** What is sent: a pair for every value. */
export function pairsOf(fields: readonly FormField[]): [name: string, value: string][] {
  return fields.flatMap(({ name, value }) => [value].flat().map((one): [string, string] => [name, one]));
}

/** The fields by name; a name that occurs several times has a list. */
export function groupFields(fields: readonly FormField[]): Record<string, string | string[]> {
  const grouped = new Map<string, string | string[]>();
  for (const { name, value } of fields) {
    const before = grouped.get(name);
    if (before === undefined) grouped.set(name, typeof value === 'string' ? value : [...value]);
    else grouped.set(name, [before, value].flat());
  }
  return Object.fromEntries(grouped);
}
