// The shop as a page, for browsers: log in, choose, order.
export const SHOP_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Sixfold demo</title>
<link rel="icon" href="data:,">
<style>body { font: 1rem/1.5 sans-serif; max-width: 40rem; margin: 2rem auto } [hidden] { display: none }</style>
<h1>Pizza and coffee</h1>
<form id="login">
  <label>User <input name="user" autocomplete="username"></label>
  <label>Password <input name="password" type="password" autocomplete="current-password"></label>
  <button>Log in</button>
</form>
<p id="who" role="status"></p>
<form id="order" hidden>
  <label>Item <select name="item"></select></label>
  <label>Count <input name="quantity" type="number" min="1" value="1"></label>
  <button>Order</button>
</form>
<p id="ordered" role="status"></p>
<script>
  const say = (id, text) => { document.getElementById(id).textContent = text; };
  const post = (path, body) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const login = document.getElementById('login');
  const order = document.getElementById('order');
  login.addEventListener('submit', async (event) => {
    event.preventDefault();
    const answer = await post('/login', Object.fromEntries(new FormData(login)));
    if (!answer.ok) return say('who', 'Wrong user or password');
    const { user } = await (await fetch('/me')).json();
    for (const { id, name } of await (await fetch('/menu')).json()) order.item.add(new Option(name, id));
    login.hidden = true;
    order.hidden = false;
    say('who', 'Hello ' + user);
  });
  order.addEventListener('submit', async (event) => {
    event.preventDefault();
    const answer = await post('/orders', { item: order.item.value, quantity: Number(order.quantity.value), name: login.user.value });
    const { id, error } = await answer.json();
    say('ordered', answer.ok ? 'Order ' + id + ' is on its way' : error);
  });
</script>
</html>
`;
