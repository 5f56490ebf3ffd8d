// What elements of each kind tell of themselves: what their attributes say, and what HTML says where they say nothing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runBody } from '../../../test/script-bench.ts';

/**
 * Asks elements of a page.
 * @param asked by selector: names of methods
 * @returns by selector: what they gave; elements by their ids, lists of them as lists, undefined as 'undefined'
 */
async function ask(page: string, asked: Readonly<Record<string, readonly string[]>>): Promise<unknown> {
  return runBody(
    `const doc = parseHTML(${JSON.stringify(page)});
     const show = (v) => v === undefined ? 'undefined' : Array.isArray(v) ? v.map(show) : typeof v === 'object' && v !== null ? v.id() : v;
     return Object.fromEntries(Object.entries(${JSON.stringify(asked)}).map(([selector, names]) => {
       const element = doc.find(selector).get(0);
       return [selector, names.map((name) => show(element[name]()))];
     }));`,
    `import { parseHTML } from 'k6/html';`,
  );
}

describe('media', () => {
  test('tell where they come from and how they are to be played', async () => {
    assert.deepEqual(
      await ask(
        `<audio id="a" src="a.ogg" autoplay controls loop muted preload="NONE" crossorigin="anonymous" mediagroup="g"><track id="t1"><p><track id="t2"></p></audio>
         <video id="v" width="640px" height="abc" poster="p.png"><source src="s.mp4"><source src="t.mp4"></video><audio id="e" preload="sometimes"></audio>`,
        {
          '#a': [
            'src',
            'currentSrc',
            'autoplay',
            'controls',
            'loop',
            'muted',
            'defaultMuted',
            'preload',
            'crossOrigin',
            'mediaGroup',
            'textTracks',
          ],
          '#v': ['src', 'currentSrc', 'autoplay', 'width', 'height', 'poster', 'preload', 'crossOrigin', 'textTracks'],
          '#e': ['currentSrc', 'preload', 'muted'],
        },
      ),
      {
        '#a': ['a.ogg', 'a.ogg', true, true, true, true, true, 'none', 'anonymous', 'g', ['t1', 't2']],
        '#v': ['', 's.mp4', false, 640, 0, 'p.png', 'auto', null, []],
        '#e': ['', 'auto', false],
      },
    );
  });

  test('have tracks of a kind that there is, which are subtitles otherwise', async () => {
    assert.deepEqual(
      await ask(
        '<video><track id="a" kind="Chapters" label="l" src="s" srclang="de" default><track id="b" kind="songs"><track id="c"></video>',
        { '#a': ['kind', 'label', 'src', 'srclang', 'default'], '#b': ['kind'], '#c': ['kind', 'default', 'label'] },
      ),
      { '#a': ['chapters', 'l', 's', 'de', true], '#b': ['subtitles'], '#c': ['subtitles', false, ''] },
    );
  });
});

describe('images, maps and frames', () => {
  test('tell their size, their text and what they are a part of', async () => {
    assert.deepEqual(
      await ask(
        `<img id="i" src="i.png" alt="text" width="10" height="20.9" srcset="s" sizes="z" usemap="#m" ismap longdesc="l" name="n" referrerpolicy="origin"><img id="j" crossorigin="">
         <map id="map" name="m"><area id="r" href="/r" shape="rect" coords="1,2" alt="r"><p><area id="c"></p></map><object id="o" usemap="#m"></object><img id="other" usemap="#n">`,
        {
          '#i': [
            'src',
            'currentSrc',
            'alt',
            'width',
            'height',
            'srcset',
            'sizes',
            'useMap',
            'isMap',
            'longDesc',
            'crossOrigin',
          ],
          '#j': ['width', 'crossOrigin', 'isMap'],
          '#map': ['name', 'areas', 'images'],
          '#r': ['shape', 'coords', 'alt', 'pathname'],
        },
      ),
      {
        '#i': ['i.png', 'i.png', 'text', 10, 20, 's', 'z', '#m', true, 'l', null],
        '#j': [0, '', false],
        '#map': ['m', ['r', 'c'], ['i', 'o']],
        '#r': ['rect', '1,2', 'r', '/r'],
      },
    );
  });

  test('have the sizes of HTML where they have none: a canvas is 300 by 150', async () => {
    assert.deepEqual(
      await ask(
        '<canvas id="a"></canvas><canvas id="b" width="-5" height="7e2"></canvas><iframe id="f" width="50%" srcdoc="<p>" sandbox="x" allowfullscreen></iframe><embed id="e" type="a/b" width="5">',
        {
          '#a': ['width', 'height'],
          '#b': ['height'],
          '#f': ['width', 'height', 'srcdoc', 'sandbox', 'allowFullscreen'],
          '#e': ['type', 'width', 'src'],
        },
      ),
      { '#a': [300, 150], '#b': [7], '#f': ['50%', '', '<p>', 'x', true], '#e': ['a/b', '5', ''] },
    );
  });
});

describe('fields', () => {
  test('of text tell their bounds, which are none where there is none', async () => {
    assert.deepEqual(
      await ask(
        `<input id="a" maxlength="5x" minlength="2" size="30" placeholder="p" pattern="[a]" min="1" max="9" step="2" accept="image/*" dirname="d" autocomplete="off">
         <input id="b" maxlength="no"><textarea id="t" rows="5" cols="x" wrap="hard">12345</textarea><textarea id="u"></textarea>`,
        {
          '#a': [
            'maxLength',
            'minLength',
            'size',
            'placeholder',
            'pattern',
            'min',
            'max',
            'step',
            'accept',
            'dirName',
            'autocomplete',
          ],
          '#b': ['maxLength', 'minLength', 'size', 'placeholder', 'type', 'value', 'defaultValue'],
          '#t': ['rows', 'cols', 'wrap', 'length', 'value', 'defaultValue', 'maxLength', 'type'],
          '#u': ['rows', 'cols', 'length', 'value'],
        },
      ),
      {
        '#a': [5, 2, 30, 'p', '[a]', '1', '9', '2', 'image/*', 'd', 'off'],
        '#b': [-1, -1, 20, '', 'text', '', ''],
        '#t': [5, 20, 'hard', 5, '12345', '12345', -1, 'textarea'],
        '#u': [2, 20, 0, ''],
      },
    );
  });

  test('that are checked say so twice, and have a value that says "on"', async () => {
    assert.deepEqual(
      await ask('<input id="a" type="checkbox" checked><input id="b" type="radio" value="r">', {
        '#a': ['checked', 'defaultChecked', 'value', 'defaultValue'],
        '#b': ['checked', 'defaultChecked', 'value', 'defaultValue'],
      }),
      { '#a': [true, true, 'on', ''], '#b': [false, false, 'r', 'r'] },
    );
  });

  test('know the labels that are around them or name them, and labels what they are for', async () => {
    assert.deepEqual(
      await ask(
        `<label id="by-id" for="in">1</label><label id="around">2 <b><input id="in"></b><input id="second"></label><label id="empty">3</label><label id="wrong" for="p">4</label><p id="p"></p>
         <label id="lost" for="none"><input id="alone"></label><label id="for-meter"><meter id="m"></meter></label>`,
        {
          '#in': ['labels'],
          '#second': ['labels'],
          '#alone': ['labels'],
          '#m': ['labels'],
          '#by-id': ['control', 'htmlFor'],
          '#around': ['control', 'htmlFor'],
          '#empty': ['control'],
          '#wrong': ['control'],
          '#lost': ['control'],
        },
      ),
      {
        '#in': [['by-id', 'around']],
        '#second': [[]],
        '#alone': [[]],
        '#m': [['for-meter']],
        '#by-id': ['in', 'in'],
        '#around': ['in', ''],
        '#empty': ['undefined'],
        '#wrong': ['undefined'],
        '#lost': ['undefined'],
      },
    );
  });

  test('to choose from tell what is chosen, by its place and its value', async () => {
    assert.deepEqual(
      await ask(
        `<form id="f"><select id="one"><option id="a" disabled>A</option><optgroup id="g" label="G" disabled><option id="b">B</option></optgroup><option id="c" label="see" value="3"> C  c </option></select></form>
         <select id="many" multiple><option id="x" selected>X</option><option id="y">Y</option><option id="z" selected>Z</option></select><select id="none" size="7"></select><option id="free">F</option>`,
        {
          '#one': [
            'length',
            'options',
            'selectedIndex',
            'selectedOptions',
            'value',
            'size',
            'type',
            'multiple',
            'form',
          ],
          '#many': ['selectedIndex', 'selectedOptions', 'value', 'size', 'type', 'multiple', 'form'],
          '#none': ['length', 'selectedIndex', 'selectedOptions', 'value', 'size'],
          '#a': ['index', 'disabled', 'selected', 'form', 'label'],
          '#b': ['index', 'disabled', 'label'],
          '#c': ['index', 'disabled', 'label', 'text', 'value'],
          '#z': ['selected', 'defaultSelected', 'form'],
          '#g': ['label', 'disabled'],
        },
      ),
      {
        '#one': [3, ['a', 'b', 'c'], 2, ['c'], '3', 1, 'select-one', false, 'f'],
        '#many': [0, ['x', 'z'], 'X', 4, 'select-multiple', true, 'undefined'],
        '#none': [0, -1, [], '', 7],
        '#a': [0, true, false, 'f', 'A'],
        '#b': [1, true, 'B'],
        '#c': [2, false, 'see', 'C c', '3'],
        '#z': [true, true, 'undefined'],
        '#g': ['G', true],
      },
    );
  });

  test('that are disabled are found so by selectors, options by their group and not by a fieldset', async () => {
    assert.deepEqual(
      await runBody(
        `const doc = parseHTML('<fieldset id="f" disabled><select id="s"><optgroup id="g" disabled><option id="a"></option></optgroup><option id="b"></option><option id="c" disabled></option></select></fieldset><input id="i"><p id="p" disabled></p>');
         const ids = (selector) => doc.find(selector).map((_, el) => el.attr('id'));
         return [ids(':disabled'), ids(':enabled')];`,
        `import { parseHTML } from 'k6/html';`,
      ),
      [
        ['f', 's', 'g', 'a', 'c'],
        ['b', 'i'],
      ],
    );
  });

  test('that show a number tell where it stands between its bounds', async () => {
    assert.deepEqual(
      await ask(
        `<progress id="a" max="4" value="3"></progress><progress id="b" value="0.3"></progress><progress id="c"></progress><progress id="d" max="-1" value="0.5"></progress><progress id="e" max="2" value="-5"></progress>
         <meter id="m" min="1" max="9.5" low="2" high="8" optimum="5" value="4.25x"></meter><meter id="n"></meter>`,
        {
          '#a': ['max', 'position'],
          '#b': ['max', 'position'],
          '#c': ['max', 'position', 'value'],
          '#d': ['max', 'position'],
          '#e': ['position'],
          '#m': ['min', 'max', 'low', 'high', 'optimum', 'value'],
          '#n': ['min', 'max', 'value'],
        },
      ),
      {
        '#a': [4, 0.75],
        '#b': [1, 0.3],
        '#c': [1, -1, 0],
        '#d': [1, 0.5],
        '#e': [0],
        '#m': [1, 9.5, 2, 8, 5, 4.25],
        '#n': [0, 1, 0],
      },
    );
  });

  test('of other kinds tell their form and their text', async () => {
    assert.deepEqual(
      await ask(
        `<form id="f" accept-charset="utf-8" autocomplete="OFF" name="n"><fieldset id="s" name="sn"><legend id="g" accesskey="k">Title</legend><output id="o" for="a b" name="on">42</output><div><input id="i"></div></fieldset>
         <button id="r" type="RESET" value="v">Go</button><button id="x" type="other"></button></form><form id="h" method="Dialog" enctype="text/html"></form><fieldset id="t"><legend id="l">x</legend></fieldset><legend id="m"></legend>`,
        {
          '#f': [
            'acceptCharset',
            'autocomplete',
            'name',
            'method',
            'enctype',
            'encoding',
            'noValidate',
            'length',
            'elements',
          ],
          '#h': ['method', 'enctype', 'autocomplete', 'length', 'elements'],
          '#s': ['name', 'type', 'elements', 'form', 'disabled', 'validity'],
          '#g': ['form', 'value', 'accessKey'],
          '#l': ['form'],
          '#m': ['form'],
          '#o': ['value', 'defaultValue', 'htmlFor', 'type', 'form', 'name'],
          '#r': ['type', 'value', 'form'],
          '#x': ['type', 'value'],
        },
      ),
      {
        '#f': [
          'utf-8',
          'off',
          'n',
          'get',
          'application/x-www-form-urlencoded',
          'application/x-www-form-urlencoded',
          false,
          5,
          ['s', 'o', 'i', 'r', 'x'],
        ],
        '#h': ['dialog', 'application/x-www-form-urlencoded', 'on', 0, []],
        '#s': ['sn', 'fieldset', ['o', 'i'], 'f', false, 'undefined'],
        '#g': ['f', 'Title', 'k'],
        '#l': ['undefined'],
        '#m': ['undefined'],
        '#o': ['42', '42', 'a b', 'output', 'f', 'on'],
        '#r': ['reset', 'v', 'f'],
        '#x': ['submit', ''],
      },
    );
  });
});

describe('text and what is about a page', () => {
  test('tell what they quote, when, and how they are counted', async () => {
    assert.deepEqual(
      await ask(
        `<q id="q" cite="c"></q><blockquote id="b" cite="d"></blockquote><del id="d" cite="e" datetime="2026"></del><ins id="i"></ins><time id="t" datetime="2026-01-01">new year</time><time id="u">noon</time>
         <ol id="ol" reversed start="5" type="a"><li id="li" value="7">x</li><li id="l2" value="x"></li></ol><ol id="o2"></ol><ul id="ul" type="disc"></ul><pre id="p" width="80"></pre><data id="data" value="v">x</data>`,
        {
          '#q': ['cite'],
          '#b': ['cite'],
          '#d': ['cite', 'dateTime', 'datetime'],
          '#i': ['cite', 'dateTime'],
          '#t': ['dateTime'],
          '#u': ['dateTime', 'datetime'],
          '#ol': ['reversed', 'start', 'type'],
          '#o2': ['reversed', 'start', 'type'],
          '#li': ['value'],
          '#l2': ['value'],
          '#ul': ['type'],
          '#p': ['width'],
          '#data': ['value'],
        },
      ),
      {
        '#q': ['c'],
        '#b': ['d'],
        '#d': ['e', '2026', '2026'],
        '#i': ['', ''],
        '#t': ['2026-01-01'],
        '#u': ['noon', 'noon'],
        '#ol': [true, 5, 'a'],
        '#o2': [false, 1, '1'],
        '#li': [7],
        '#l2': [0],
        '#ul': ['disc'],
        '#p': [80],
        '#data': ['v'],
      },
    );
  });

  test('tell in the head what a page is and needs', async () => {
    assert.deepEqual(
      await ask(
        `<head><base id="base" href="/b/" target="_top"><title id="title">A &amp; B</title><meta id="meta" name="n" content="c" http-equiv="refresh"><link id="link" rel=" stylesheet  preload " href="l.css" hreflang="de" type="text/css" crossorigin>
         <style id="style" media="print">p > a {}</style><script id="script" src="s.js" async defer nomodule integrity="sha" charset="utf-8">if (a < b) {}</script></head>`,
        {
          '#base': ['href', 'target'],
          '#title': ['text'],
          '#meta': ['name', 'content', 'httpEquiv'],
          '#link': ['rel', 'relList', 'href', 'hrefLang', 'hreflang', 'type', 'crossOrigin', 'media'],
          '#style': ['type', 'media', 'text'],
          '#script': ['src', 'async', 'defer', 'noModule', 'integrity', 'charset', 'text', 'type', 'crossOrigin'],
        },
      ),
      {
        '#base': ['/b/', '_top'],
        '#title': ['A & B'],
        '#meta': ['n', 'c', 'refresh'],
        '#link': [' stylesheet  preload ', ['stylesheet', 'preload'], 'l.css', 'de', 'de', 'text/css', '', ''],
        '#style': ['text/css', 'print', 'p > a {}'],
        '#script': ['s.js', true, true, true, 'sha', 'utf-8', 'if (a < b) {}', '', null],
      },
    );
  });

  test('of tables know their neighbours, also without sections', async () => {
    assert.deepEqual(
      await ask(
        `<table id="t" border="1" sortable><colgroup id="cg" span="2"></colgroup><tbody id="b1"><tr id="r1"><th id="h" scope="row" abbr="x" headers="a b"></th><td id="d" rowspan="3"></td></tr></tbody><tbody id="b2"><tr id="r2"><td id="e"></td></tr></tbody></table><td id="loose">`,
        {
          '#t': ['tBodies', 'tHead', 'tFoot', 'caption', 'rows', 'border', 'sortable'],
          '#cg': ['span'],
          '#b2': ['rows'],
          '#r2': ['rowIndex', 'sectionRowIndex', 'cells'],
          '#h': ['cellIndex', 'scope', 'abbr', 'headers', 'colSpan', 'rowSpan'],
          '#d': ['cellIndex', 'colSpan', 'rowSpan'],
        },
      ),
      {
        '#t': [['b1', 'b2'], 'undefined', 'undefined', 'undefined', ['r1', 'r2'], '1', true],
        '#cg': [2],
        '#b2': [['r2']],
        '#r2': [1, 0, ['e']],
        '#h': [0, 'row', 'x', 'a b', 1, 1],
        '#d': [1, 1, 3],
      },
    );
  });
});

test('an element has the methods of its kind only, and none of them on what is no element', async () => {
  assert.deepEqual(
    await runBody(
      `const doc = parseHTML('<a id="a" href="/x">t</a><p id="p">t</p>');
       const [a, p] = [doc.find('a').get(0), doc.find('p').get(0)];
       const thrown = (fn) => { try { fn(); return 'nothing'; } catch (e) { return e.name; } };
       return [typeof a.href, typeof p.href, typeof p.id, a.href.call(p), thrown(() => a.href.call({})), thrown(() => new a.constructor()), a.constructor.name, p.constructor.name, doc.find('a').get(0) instanceof a.constructor];`,
      `import { parseHTML } from 'k6/html';`,
    ),
    ['function', 'undefined', 'function', '', 'TypeError', 'TypeError', 'AnchorElement', 'Element', true],
  );
});
