// zod: a response has the shape that its users rely on.
// try: --iterations 3
import { check } from 'k6';
import http from 'k6/http';
import { z } from 'zod';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

const Menu = z
  .array(
    z.object({ id: z.string().min(1), kind: z.enum(['pizza', 'coffee']), priceCents: z.number().int().positive() }),
  )
  .nonempty();

export const options = { vus: 1, iterations: 10 };

export default function () {
  const menu = Menu.safeParse(http.get(`${shop}/menu`).json());
  if (!menu.success) console.error(z.prettifyError(menu.error));
  check(menu, {
    'the menu is as agreed': ({ success }) => success,
    'another shape would be seen': () => !Menu.safeParse([{ id: '', kind: 'tea' }]).success,
  });
}
