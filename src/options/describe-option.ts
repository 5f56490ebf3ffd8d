// Options in words, for help and reference.
import type { AnyOptionRow } from './option-row.ts';

/** @returns the default of an option as text, '' where nothing is the default */
export function describeDefault({
  defaultText,
  default: value,
  form,
}: Pick<AnyOptionRow, 'defaultText' | 'default' | 'form'>): string {
  if (defaultText !== undefined) return defaultText;
  if (value === null || value === '' || typeof value === 'boolean') return '';
  if (Array.isArray(value)) return value.join(',');
  if (typeof value === 'object') return '';
  const text = String(form.show(value));
  return text === '0s' ? '' : text.replace(/(?<=m)0s$/, '');
}
