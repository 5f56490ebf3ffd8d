// ajv: a response follows a JSON schema. The schema is compiled once, in the init code.
// try: --iterations 3
import Ajv from 'ajv';
import { check } from 'k6';
import http from 'k6/http';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

const ajv = new Ajv({ allErrors: true });
const isMenu = ajv.compile({
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    required: ['id', 'kind', 'priceCents'],
    properties: {
      id: { type: 'string' },
      kind: { enum: ['pizza', 'coffee'] },
      priceCents: { type: 'integer', minimum: 1 },
    },
  },
});

export const options = { vus: 1, iterations: 10 };

export default function () {
  const menu = http.get(`${shop}/menu`).json();
  const isRight = isMenu(menu);
  if (!isRight) console.error(ajv.errorsText(isMenu.errors));
  check(menu, { 'the menu follows its schema': () => isRight, 'another does not': () => !isMenu([{ id: 1 }]) });
}
