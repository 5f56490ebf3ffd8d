// form-data-encoder: a form of several parts with fields that occur twice, from the global FormData.
// try: --iterations 3
import { FormDataEncoder } from 'form-data-encoder';
import { check } from 'k6';
import http from 'k6/http';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = { vus: 1, iterations: 10 };

/** The form as text, piece by piece. */
async function encode(encoder) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of encoder) text += decoder.decode(piece, { stream: true });
  return text;
}

export default async function () {
  const form = new FormData();
  form.append('topping', 'basil');
  form.append('topping', 'capers');
  form.append('name', 'Ada');
  const encoder = new FormDataEncoder(form);
  const echo = http.post(`${shop}/echo`, await encode(encoder), { headers: { 'Content-Type': encoder.contentType } });
  check(echo, {
    'all parts arrived': (r) => ['basil', 'capers', 'Ada'].every((value) => r.body.includes(value)),
    'with their boundary': (r) => r.body.includes(encoder.boundary),
  });
}
