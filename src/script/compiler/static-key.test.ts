import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseModule } from './parse.ts';
import { computedKey, staticKey } from './static-key.ts';

function keysOf(members: string): (string | null)[] {
  const { body } = parseModule(`({ ${members} })`);
  const [statement] = body;
  assert.ok(statement?.type === 'ExpressionStatement' && statement.expression.type === 'ObjectExpression');
  return statement.expression.properties.map((property) =>
    property.type === 'Property' ? staticKey(property) : 'spread',
  );
}

test('a key is known where the text tells it, however it is written', () => {
  assert.deepEqual(keysOf('a: 1, "b c": 2, 0x10: 3, d() {}, get e() { return 1 }, ["f"]: 4, [`g`]: 5, [7]: 6'), [
    'a',
    'b c',
    '16',
    'd',
    'e',
    'f',
    'g',
    '7',
  ]);
});

test('a well-known symbol is known by its name, in brackets, too', () => {
  assert.deepEqual(keysOf('[Symbol.iterator]: 1, [Symbol["toPrimitive"]]: 2'), ['@@iterator', '@@toPrimitive']);
});

test('what running alone can tell is not known', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the script's
  assert.deepEqual(keysOf('[a]: 1, [`a${b}`]: 2, [Symbol[a]]: 3, [other.iterator]: 4, [a + "b"]: 5'), [
    null,
    null,
    null,
    null,
    null,
  ]);
});

test('a key in brackets is told from a name', () => {
  const [statement] = parseModule('a[b]').body;
  assert.ok(statement?.type === 'ExpressionStatement');
  assert.equal(computedKey(statement.expression)?.type, 'Identifier');
  const [member] = parseModule('a.b').body;
  assert.ok(member?.type === 'ExpressionStatement');
  assert.equal(computedKey(member.expression), null);
});
