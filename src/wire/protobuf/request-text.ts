import { ProtoJsonError } from './codec-errors.ts';

/**
 * The JSON text of a request: what JSON.stringify makes of it, but NaN and the infinities by their names.
 * @throws ProtoJsonError where there is none
 */
export function stringifyRequest(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, nameNonFinite);
  } catch (error) {
    if (error instanceof TypeError && /circular/i.test(error.message)) {
      throw new ProtoJsonError('cyclic reference to an object found');
    }
    throw error;
  }
  if (text === undefined) throw new ProtoJsonError(`proto: syntax error (line 1:1): unexpected token ${typeof value}`);
  return text;
}

function nameNonFinite(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
