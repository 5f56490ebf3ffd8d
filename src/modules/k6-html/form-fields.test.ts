// What forms hold and send, by the rules of HTML (sections 4.10.18 to 4.10.21).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  elementsOfForm,
  fieldsOf,
  fieldValue,
  groupFields,
  isDisabled,
  pairsOf,
  selectedOptions,
} from './form-fields.ts';
import { attributeOf, type HtmlElement, type HtmlNode } from './html-tree.ts';
import { readPage } from './page-cache.ts';
import { findAll, findFirst } from './selector.ts';

const find = (page: string, selector: string): HtmlElement => findFirst([readPage(page)], selector)!;
const all = (page: string, selector: string): HtmlElement[] => findAll([readPage(page)], selector);
const ids = (nodes: readonly HtmlNode[]): (string | undefined)[] => nodes.map((node) => attributeOf(node, 'id'));
const sent = (page: string, selector = 'form'): [string, string][] => pairsOf(fieldsOf(all(page, selector)));

describe('a field is disabled', () => {
  test('by its own attribute, whatever that says', () => {
    for (const attribute of ['disabled', 'disabled=""', 'disabled="false"', 'DISABLED="disabled"'])
      assert.equal(isDisabled(find(`<input ${attribute}>`, 'input')), true, attribute);
    assert.equal(isDisabled(find('<input aria-disabled="true">', 'input')), false);
  });

  test('by a fieldset at any depth, but for what is in its first legend', () => {
    const page = `<fieldset disabled><div><legend><i id="not-a-child"></i></legend></div><legend><b><input id="first"></b></legend><legend><input id="second"></legend>
      <fieldset><legend><input id="inner"></legend><input id="deep"></fieldset></fieldset><fieldset><input id="free"></fieldset>`;
    assert.deepEqual(ids(all(page, 'input').filter(isDisabled)), ['second', 'inner', 'deep']);
  });

  test('by an outer fieldset also where it is in the first legend of an inner one', () => {
    const page =
      '<fieldset disabled><legend><fieldset disabled><legend><input id="a"></legend><input id="b"></fieldset></legend></fieldset>';
    assert.deepEqual(ids(all(page, 'input').filter(isDisabled)), ['b']);
  });
});

describe('the value of a field', () => {
  test('is its attribute, or what it has without one', () => {
    const values = [
      ['<input value="v">', 'v'],
      ['<input>', ''],
      ['<input type="checkbox">', 'on'],
      ['<input type="RADIO">', 'on'],
      ['<input type="radio" value="">', ''],
      ['<button>text</button>', ''],
      ['<button value="v">text</button>', 'v'],
      ['<textarea>\n a\n</textarea>', ' a\n'],
      ['<textarea value="no"></textarea>', ''],
      ['<output>sum</output>', 'sum'],
      ['<li value="3">x</li>', '3'],
      ['<li>x</li>', undefined],
      ['<div value="v"></div>', undefined],
      ['<meter value="0.5"></meter>', '0.5'],
    ] as const;
    for (const [page, value] of values) {
      const element = find(page, 'body > *');
      assert.equal(fieldValue(element), value, page);
    }
  });

  test('of an option is its attribute, or its text with the white space collapsed', () => {
    assert.equal(fieldValue(find('<select><option>\n a \t b\n</option></select>', 'option')), 'a b');
    assert.equal(fieldValue(find('<select><option value="">a</option></select>', 'option')), '');
    assert.equal(fieldValue(find('<datalist><option value=" x ">a</option></datalist>', 'option')), ' x ');
  });

  test('of a select is that of the last option marked, or of the first that can be chosen', () => {
    const values = [
      ['<option>a</option><option selected>b</option><option selected>c</option>', 'c'],
      ['<option disabled>a</option><option>b</option>', 'b'],
      ['<optgroup disabled><option>a</option></optgroup><optgroup><option>b</option></optgroup>', 'b'],
      ['<option disabled>a</option>', undefined],
      ['<option disabled selected>a</option><option>b</option>', 'a'],
      ['<optgroup><option>a</option><option selected>b</option></optgroup>', 'b'],
      ['', undefined],
    ] as const;
    for (const [options, value] of values)
      assert.equal(fieldValue(find(`<select>${options}</select>`, 'select')), value, options);
  });

  test('of a select that allows several is a list, of none where none is marked', () => {
    const page = '<select multiple><option>a</option><option selected>b</option><option selected value="3">c</option>';
    assert.deepEqual(fieldValue(find(page, 'select')), ['b', '3']);
    assert.deepEqual(fieldValue(find('<select multiple><option>a</option></select>', 'select')), []);
    assert.deepEqual(selectedOptions(find('<select multiple></select>', 'select')), []);
  });

  test('of text and of the document is none', () => {
    assert.equal(fieldValue(readPage('x')), undefined);
    assert.equal(fieldValue(find('<p>x</p>', 'p').children[0]!), undefined);
  });
});

describe('the fields of a form', () => {
  test('are those in it and those that name it, in the order of the page', () => {
    const page =
      '<input id="before" form="f"><form id="f"><input id="in"><input id="away" form="g"><input id="nowhere" form=""></form><form id="g"></form><input id="after" form="f"><input id="loose">';
    const inputs = new Set(['input']);
    assert.deepEqual(ids(elementsOfForm(find(page, '#f'), inputs)), ['before', 'in', 'after']);
    assert.deepEqual(ids(elementsOfForm(find(page, '#g'), inputs)), ['away']);
  });

  test('are sent where they have a name, and are not disabled', () => {
    assert.deepEqual(
      sent(
        '<form><input name="a" value="1"><input name="" value="2"><input value="3"><input name="d" value="4" disabled><fieldset disabled><input name="e"></fieldset><input name="f"></form>',
      ),
      [
        ['a', '1'],
        ['f', ''],
      ],
    );
  });

  test('are sent where they are checked, and say "on" where they say nothing', () => {
    assert.deepEqual(
      sent(
        '<form><input type=checkbox name=a checked><input type=checkbox name=b><input type=Radio name=c value=1><input type=radio name=c value=2 checked></form>',
      ),
      [
        ['a', 'on'],
        ['c', '2'],
      ],
    );
  });

  test('leave out what is only sent by a click, and files', () => {
    const kinds = ['submit', 'button', 'reset', 'image', 'file', 'FILE'];
    assert.deepEqual(
      sent(
        `<form>${kinds.map((kind) => `<input type="${kind}" name="n" value="v">`).join('')}<button name="n" value="v"></button></form>`,
      ),
      [],
    );
  });

  test('have a pair for every value, and none for a select in which nothing is chosen', () => {
    assert.deepEqual(
      sent(
        '<form><select name=m multiple><option selected>a<option>b<option selected>c</select><select name=none multiple><option>a</select><select name=empty></select></form>',
      ),
      [
        ['m', 'a'],
        ['m', 'c'],
      ],
    );
  });

  test('may be asked for one by one, and come from several forms together', () => {
    const page =
      '<form><input name=a value=1><textarea name=b>2</textarea></form><form><input name=a value=3></form><p name="p">';
    assert.deepEqual(sent(page, 'textarea, p'), [['b', '2']]);
    assert.deepEqual(sent(page), [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ]);
  });

  test('are grouped by names, which may be those of every object', () => {
    const grouped = groupFields([
      { name: 'a', value: '1' },
      { name: '__proto__', value: 'x' },
      { name: 'a', value: ['2', '3'] },
      { name: 'toString', value: 'y' },
      { name: 'a', value: '4' },
      { name: 'list', value: ['5'] },
    ]);
    assert.deepEqual(Object.entries(grouped), [
      ['a', ['1', '2', '3', '4']],
      ['__proto__', 'x'],
      ['toString', 'y'],
      ['list', ['5']],
    ]);
    assert.equal(Object.getPrototypeOf(grouped), Object.prototype);
  });
});
