// The module in a real realm, with compiled scripts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';

/** What an expression over `doc`, a page of that markup, comes to. */
async function evaluate(page: string, expression: string): Promise<unknown> {
  const bench = await createScriptBench(`
    import { sleep } from 'k6';
    import { parseHTML } from 'k6/html';
    export default () => { const doc = parseHTML(${JSON.stringify(page)}); return ${expression}; };`);
  return bench.run();
}

const LIST = '<ul id="u"><li class="a">one</li><li>two<b>!</b></li><li class="a c">three</li></ul>';

test('selectors are those of CSS, with what k6 has beyond; one that cannot be read matches nothing', async () => {
  const selectors = [
    'li.a',
    'li:nth-child(2) b',
    'ul:has(> li.c)',
    'li:contains("!")',
    'li:containsOwn(tw)',
    'li:haschild(b)',
    'li:matchesOwn("^t.*e$")',
    'li[[',
    '> li',
    ':nonsense',
  ];
  const sizes = await evaluate(LIST, `${JSON.stringify(selectors)}.map((s) => doc.find(s).size())`);
  assert.deepEqual(sizes, [2, 1, 1, 1, 1, 1, 1, 0, 0, 0]);
});

test('nodes are found once each, and in the order of the page', async () => {
  const page = '<div><div><i>1</i></div><i>2</i></div>';
  assert.deepEqual(
    await evaluate(
      page,
      `[doc.find('div').find('i').text(), doc.find('i').parents('div').size(), doc.find('i').closest('div').size()]`,
    ),
    ['12', 2, 2],
  );
});

test('callbacks may wait, get what k6 passes, and their errors reach the script', async () => {
  const result = await evaluate(
    LIST,
    `[
      doc.find('li').map((i, s) => { sleep(0.001); return i + s.text(); }),
      doc.find('li').filter((i, s) => { sleep(0.001); return s.is('.a'); }).size(),
      doc.find('li').not((i, s) => { sleep(0.001); return s.is('.a'); }).text(),
      doc.find('li').is((i) => { sleep(0.001); return i === 2; }),
      (() => { const names = []; doc.find('li').each((i, el) => { sleep(0.001); names.push(el.nodeName() + i); }); return names; })(),
      (() => { try { doc.find('li').each(() => { sleep(0.001); throw new RangeError('x'); }); } catch (e) { return e instanceof RangeError; } })(),
    ]`,
  );
  assert.deepEqual(result, [['0one', '1two!', '2three'], 2, 'two!', true, ['li0', 'li1', 'li2'], true]);
});

test('markup is written as k6 writes it', async () => {
  const page = `<div a="x&quot;y">it's <br><img src=a>&nbsp;1 &lt; 2<script>if (a < b && c) {}</script><!-- n --><pre>\n\nx</pre></div>`;
  assert.equal(
    await evaluate(page, `doc.find('body').html()`),
    '<div a="x&#34;y">it&#39;s <br/><img src="a"/>\u00a01 &lt; 2<script>if (a < b && c) {}</script><!-- n --><pre>\n\nx</pre></div>',
  );
});

test('a page nested thousands deep is searched without recursion', async () => {
  const page = `${'<div>'.repeat(20_000)}<i>deep</i>`;
  assert.deepEqual(await evaluate(page, `[doc.find('i').text(), doc.find('div').size(), doc.text()]`), [
    'deep',
    20_000,
    'deep',
  ]);
});

test('other nodes, sets and elements stand where selectors do', async () => {
  assert.deepEqual(
    await evaluate(
      LIST,
      `[
        doc.find('li').filter(doc.find('.c')).text(), doc.find('li').not(doc.find('.c').get(0)).size(),
        doc.find('ul').find(doc.find('b')).text(), doc.find('.c').index(), doc.find('li').index(doc.find('.c').get(0)),
        doc.find('b').add(doc.find('ul').get(0)).size(), doc.find('li').first().nextUntil(doc.find('.c')).text(),
        doc.find('li').has(doc.find('b')).text(), doc.find('b').end().is(doc), doc.end().size(),
      ]`,
    ),
    ['three', 2, '!', 2, 2, 2, 'two!', 'two!', true, 0],
  );
});

test('what is no selector and no function is refused with a message', async () => {
  await assert.rejects(
    evaluate(LIST, `doc.find('li').filter(7)`),
    /filter\(\) takes a selector, a Selection or an Element/,
  );
  await assert.rejects(evaluate(LIST, `doc.find('li').map('x')`), /map\(\) takes a function, not string/);
  await assert.rejects(evaluate(LIST, `doc.find.call({}, 'li')`), /this is not a Selection/);
  await assert.rejects(evaluate(LIST, `new (doc.constructor)()`), /cannot be constructed/);
});

test('a body that never came is an empty page', async () => {
  assert.deepEqual(await evaluate('', `[parseHTML(null).find('p').size(), parseHTML(undefined).text()]`), [0, '']);
});

test('scripts get objects of their own realm only', async () => {
  assert.equal(
    await evaluate(
      LIST,
      `[doc, doc.find, doc.find('li').get(), doc.find('li').get(0), doc.find('li').get(0).attributes(), doc.find('form').serializeArray(), doc.find('li').each]
        .every((value) => value.constructor.constructor('return typeof process')() === 'undefined')`,
    ),
    true,
  );
});
