// TypeScript needs no build: types are stripped, the rest runs as it is.
// try: --iterations 3
import { check } from 'k6';
import http from 'k6/http';

interface Item {
  readonly id: string;
  readonly kind: 'pizza' | 'coffee';
  readonly priceCents: number;
}

const shop: string = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = { vus: 1, iterations: 10 };

function cheapest(items: readonly Item[]): Item | undefined {
  return [...items].sort((a, b) => a.priceCents - b.priceCents)[0];
}

export default function (): void {
  const items = http.get(`${shop}/menu`).json() as unknown as Item[];
  check(cheapest(items), { 'the cheapest is coffee': (item) => item?.kind === 'coffee' });
}
