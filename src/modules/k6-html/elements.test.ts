// Elements of each kind, in a real realm.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';

/** Evaluates an expression where `$(selector)` is the first element that matches. */
async function evaluate(page: string, expression: string): Promise<unknown> {
  const bench = await createScriptBench(`
    import { parseHTML } from 'k6/html';
    export default () => {
      const doc = parseHTML(${JSON.stringify(page)});
      const $ = (selector) => doc.find(selector).get(0);
      const names = (list) => list.map((el) => el.id());
      return ${expression};
    };`);
  return bench.run();
}

test('every node tells its name, kind, value, neighbours and parents', async () => {
  const page = '<!doctype html><p id="p" class="a b" lang="en" title="t">x<b id="b">y</b><!--c--></p><i id="i"></i>';
  assert.deepEqual(
    await evaluate(
      page,
      `[
        $('p').nodeName(), $('p').nodeType(), $('p').nodeValue() === undefined, $('p').childNodes().map((n) => [n.nodeName(), n.nodeType(), n.nodeValue() ?? '-']),
        $('p').ownerDocument().nodeType(), $('p').ownerDocument().firstChild().nodeName(), names($('p').children()), $('p').childElementCount(),
        $('p').classList(), $('p').className(), $('i').className() === undefined, $('p').lang(), $('p').innerHTML(), $('p').textContent(),
        $('b').parentElement().id(), $('b').nextSibling().nodeName(), $('b').nextElementSibling() === undefined, $('i').previousElementSibling().id(),
        $('html').parentElement() === undefined, $('html').parentNode().nodeName(), $('p').firstChild().nodeName(), $('p').lastElementChild().id(),
      ]`,
    ),
    [
      'p',
      1,
      true,
      [
        ['#text', 3, 'x'],
        ['b', 1, '-'],
        ['#comment', 8, 'c'],
      ],
      9,
      'html',
      ['b'],
      1,
      ['a', 'b'],
      'a b',
      true,
      'en',
      'x<b id="b">y</b><!--c-->',
      'xy',
      'p',
      '#comment',
      true,
      'p',
      true,
      '#document',
      '#text',
      'b',
    ],
  );
});

test('attributes, searches and comparisons', async () => {
  const page =
    '<p id="p" title="t"><b class="x y">1</b><b class="y">2</b></p><p id="p" title="t"><b class="x y">1</b><b class="y">2</b></p>';
  assert.deepEqual(
    await evaluate(
      page,
      `[
        Object.keys($('p').attributes()), $('p').attributes().title.value, $('p').getAttributeNode('title').ownerElement.isSameNode($('p')), $('p').getAttributeNode('title').localName(),
        $('p').getAttribute('TITLE'), $('p').getAttribute('no') === undefined, $('p').hasAttribute('title'), $('b').hasAttributes(),
        $('p').getElementsByClassName('y x').length, $('p').getElementsByTagName('B').length, $('p').querySelector('.y').textContent(), $('p').querySelectorAll('b').length,
        $('p').contains($('b')), $('b').contains($('p')), $('b').matches('p > .x'), $('p').isEqualNode(doc.find('p').get(1)), $('p').isSameNode(doc.find('p').get(1)),
        $('b').selection().closest('p').size(), $('p').namespaceURI(), $('p').isDefaultNamespace(), String($('p')),
      ]`,
    ),
    [
      ['id', 'title'],
      't',
      true,
      'title',
      't',
      true,
      true,
      true,
      1,
      2,
      '1',
      2,
      true,
      false,
      true,
      true,
      false,
      1,
      'http://www.w3.org/1999/xhtml',
      true,
      '[object html.Node]',
    ],
  );
});

test('links are taken apart as they are written', async () => {
  const page =
    '<a href="http://user:pw@example.com:81/a/b?q=1#h" rel="prev next" hreflang="en" target="_self">six</a><a id="r" href="/only?x">r</a>';
  assert.deepEqual(
    await evaluate(
      page,
      `[
        ['protocol','username','password','host','hostname','port','pathname','search','hash','origin','relList','hrefLang','target','text'].map((name) => $('a')[name]()),
        ['protocol','host','pathname','search','origin'].map((name) => $('#r')[name]()),
      ]`,
    ),
    [
      [
        'http',
        'user',
        'pw',
        'example.com:81',
        'example.com',
        '81',
        '/a/b',
        '?q=1',
        '#h',
        'http://example.com:81',
        ['prev', 'next'],
        'en',
        '_self',
        'six',
      ],
      ['', '', '/only', '?x', ''],
    ],
  );
});

const FORM = `<form id="f" method="POST" action="/send" enctype="text/plain"><fieldset id="set" disabled><legend><input id="free" name="free"></legend><input id="off" name="off"></fieldset>
  <label id="l" for="user">User</label><input id="user" name="user" maxlength="9" required type="EMAIL" list="known"><datalist id="known"><option>a</option></datalist>
  <select id="s" name="s"><option value="1">one</option><option selected> two  words </option></select><textarea id="t" name="t">text</textarea>
  <button id="go" name="go" value="v">Go</button><progress id="p" max="4" value="1"></progress><output id="o">out</output></form><input id="far" name="far" form="f">`;

test('forms and their fields know each other', async () => {
  assert.deepEqual(
    await evaluate(
      FORM,
      `[
        $('form').method(), $('form').action(), $('form').enctype(), $('form').length(), names($('form').elements()), $('#far').form().id(), $('#user').form().id(),
        names($('#user').labels()), $('#l').control().id(), $('#user').maxLength(), $('#user').required(), $('#user').type(), $('#user').list().options().length, $('#off').disabled(), $('#free').disabled(),
        $('#s').selectedIndex(), $('#s').value(), $('#s').type(), $('#s').options()[0].value(), $('#s').options()[1].index(), $('#s').options()[1].form().id(),
        $('#t').value(), $('#go').type(), $('#go').value(), $('#p').position(), $('#o').value(), doc.find('form').serialize(),
      ]`,
    ),
    [
      'post',
      '/send',
      'text/plain',
      9,
      ['set', 'free', 'off', 'user', 's', 't', 'go', 'o', 'far'],
      'f',
      'f',
      ['l'],
      'user',
      9,
      true,
      'email',
      1,
      true,
      false,
      1,
      'two words',
      'select-one',
      '1',
      1,
      'f',
      'text',
      'submit',
      'v',
      0.25,
      'out',
      'far=&free=&s=two+words&t=text&user=',
    ],
  );
});

test('tables count their rows and cells', async () => {
  const page =
    '<table><caption>c</caption><tfoot><tr id="foot"></tr></tfoot><tbody><tr id="r1"><td id="a"><td id="b" colspan="2"></tr></tbody><thead><tr id="head"><th scope="col"></tr></thead></table>';
  assert.deepEqual(
    await evaluate(
      page,
      `[names($('table').rows()), $('table').caption().textContent(), $('table').tBodies().length, $('table').tHead().rows()[0].id(), $('#r1').rowIndex(), $('#r1').sectionRowIndex(), $('#r1').cells().length, $('#b').cellIndex(), $('#b').colSpan(), $('th').scope()]`,
    ),
    [['head', 'foot', 'r1'], 'c', 1, 'head', 2, 0, 2, 1, 2, 'col'],
  );
});

test('what an element does not say itself comes from its form, and what is absent is told apart from what is empty', async () => {
  const page = `<form id="f" action="/act" enctype="text/plain" target="_self" novalidate method="post"><button id="b">go</button>
    <button id="own" formaction="/own" formmethod="get" formenctype="multipart/form-data" formtarget="_top">own</button>
    <select name="many" multiple><option selected>two</option><option selected value="3">three</option></select><input id="i" readonly width="80"></form>
    <audio id="au"></audio><img id="im" crossorigin=""><p id="p" data-empty="">p</p><progress id="over" value="12" max="10"></progress>
    <a id="port" href="https://shop.example:443/"></a><a id="other" href="http://shop.example:443"></a>
    <textarea id="ta" autocapitalize="words" tabindex="3"></textarea><fieldset disabled><button id="off"></button></fieldset>`;
  assert.deepEqual(
    await evaluate(
      page,
      `[
        ['formAction', 'formMethod', 'formEnctype', 'formTarget', 'formNoValidate'].map((name) => [$('#b')[name](), $('#own')[name]()]),
        doc.find('form').serializeArray().map(({ name, value }) => [name, value]), doc.find('form').serialize(),
        $('#au').crossOrigin(), $('#im').crossOrigin(), $('#p').selection().data('empty'), $('#over').value(), $('#i').readonly(), $('#i').readOnly(), $('#i').width(),
        $('#port').host(), $('#port').port(), $('#other').host(), $('#other').pathname(), String($('#port')), $('#ta').autocapitalize(), $('#ta').tabIndex(),
        doc.find('button:disabled').map((i, el) => el.attr('id')), doc.find('button:enabled').size(), doc.find('p:enabled').size(), $('#au').form === undefined,
        doc.find('nothing').html(),
      ]`,
    ),
    [
      [
        ['/act', '/own'],
        ['post', 'get'],
        ['text/plain', 'multipart/form-data'],
        ['_self', '_top'],
        [true, true],
      ],
      [['many', ['two', '3']]],
      'many=two&many=3',
      null,
      '',
      null,
      1,
      true,
      true,
      '80',
      'shop.example',
      '443',
      'shop.example:443',
      '/',
      'https://shop.example:443/',
      'words',
      3,
      ['off'],
      2,
      0,
      true,
      '',
    ],
  );
});
