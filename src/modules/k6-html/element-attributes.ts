// Readers of attributes, from which the methods of elements are made.
import { attributeOf, type HtmlElement } from './html-tree.ts';

/** What a method of an element gives: a plain value, nodes of the page, or lists of them; undefined for a node that is not there. */
export type Read = (element: HtmlElement) => unknown;
export type Reads = Readonly<Record<string, Read>>;

/** A kind of element: the tags of it and what it has beyond what all elements have. */
export interface ElementType {
  readonly tags: readonly string[];
  readonly methods: Reads;
}

/** The value as it is written; the fallback where the attribute is missing, not where it is empty. */
export function readText(attribute: string, fallback = ''): Read {
  return (element) => attributeOf(element, attribute) ?? fallback;
}

/** One of the values that an attribute may have, whatever the case it is written in. */
export function readChoice(attribute: string, values: readonly string[], fallback: string): Read {
  return (element) => {
    const value = attributeOf(element, attribute)?.toLowerCase();
    return value !== undefined && values.includes(value) ? value : fallback;
  };
}

/**
 * Methods named as the attribute that they read, by the name of the DOM's property and by the attribute's own, where the two
 * differ in case: k6 has some under the one and some under the other.
 */
export function texts(...names: readonly string[]): Reads {
  return named(names, (attribute) => readText(attribute));
}

/** Methods of attributes whose absence is told apart from being empty. */
export function textsOrNull(...names: readonly string[]): Reads {
  return named(names, (attribute) => (element) => attributeOf(element, attribute) ?? null);
}

function named(names: readonly string[], readerOf: (attribute: string) => Read): Reads {
  const reads: Record<string, Read> = {};
  for (const name of names) {
    const attribute = name.toLowerCase();
    reads[name] = reads[attribute] = readerOf(attribute);
  }
  return reads;
}

/** Whether the attribute is there, whatever it says. */
export function flags(...names: readonly string[]): Reads {
  return named(names, (attribute) => (element) => attributeOf(element, attribute) !== undefined);
}

/** Whole numbers, by the name of the method; what is no number is the fallback. */
export function integers(fallbacks: Readonly<Record<string, number>>): Reads {
  return numbers(fallbacks, integerOf);
}

/** Numbers with fractions. */
export function decimals(fallbacks: Readonly<Record<string, number>>): Reads {
  return numbers(fallbacks, decimalOf);
}

function numbers(fallbacks: Readonly<Record<string, number>>, readOne: typeof integerOf): Reads {
  return Object.assign(
    {},
    ...Object.entries(fallbacks).map(([name, fallback]) =>
      named([name], (attribute) => (element) => readOne(element, attribute, fallback)),
    ),
  );
}

/** The whole number that the value begins with, as parseInt reads it. */
export function integerOf(element: HtmlElement, attribute: string, fallback: number): number {
  const value = Number.parseInt(attributeOf(element, attribute) ?? '', 10);
  return Number.isNaN(value) ? fallback : value;
}

/** The number that the value begins with, as parseFloat reads it. */
export function decimalOf(element: HtmlElement, attribute: string, fallback: number): number {
  const value = Number.parseFloat(attributeOf(element, attribute) ?? '');
  return Number.isNaN(value) ? fallback : value;
}

/** What white space parts, as in `class`. */
export function tokensOf(element: HtmlElement, attribute: string): string[] {
  return (attributeOf(element, attribute) ?? '').split(/\s+/).filter((token) => token !== '');
}
