// `http_req_duration{status:200,method:GET}`: the samples of a metric that have certain tags, as a metric of its own.

/** A metric's name and the tags that a threshold's key selects by. */
export interface MetricSelector {
  readonly metric: string;
  /** Empty for a metric as a whole. */
  readonly tags: readonly (readonly [key: string, value: string])[];
}

/** A selector that cannot be read. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError';
}

/** Without spaces and one pair of quotes around it. */
function unquote(text: string): string {
  const trimmed = text.trim();
  const quote = trimmed[0];
  return trimmed.length >= 2 && (quote === '"' || quote === "'") && trimmed.at(-1) === quote
    ? trimmed.slice(1, -1)
    : trimmed;
}

/**
 * Reads the key of a threshold.
 *
 * @throws SelectorError for unbalanced braces, no tags within them, or a tag without a value
 */
export function parseSelector(text: string): MetricSelector {
  const open = text.indexOf('{');
  if (open < 0) {
    if (text.includes('}')) throw new SelectorError(`"${text}" has a closing brace but no opening one`);
    return { metric: text.trim(), tags: [] };
  }
  const name = text.slice(0, open).trim();
  if (!text.trimEnd().endsWith('}'))
    throw new SelectorError(`"${text}" does not end with the closing brace of its tags`);
  const inside = text.slice(open + 1, text.lastIndexOf('}'));
  if (inside.trim() === '') {
    throw new SelectorError(
      `"${text}" selects by no tag; write "${name}" for the whole metric or "${name}{tag:value}"`,
    );
  }
  const tags = inside.split(',').map((part): [string, string] => {
    const colon = part.indexOf(':');
    const key = unquote(colon < 0 ? part : part.slice(0, colon));
    if (colon < 0 || key === '')
      throw new SelectorError(`"${text}" has a tag without a value: "${part.trim()}" is not tag:value`);
    if (part.slice(colon + 1).trim() === '')
      throw new SelectorError(`"${text}" is malformed: the tag "${key}" has no value; write ${key}:value`);
    return [key, unquote(part.slice(colon + 1))];
  });
  return { metric: name, tags };
}
