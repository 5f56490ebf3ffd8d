// Selections (https://grafana.com/docs/k6/latest/javascript-api/k6-html/selection/), which go by jQuery's rules where k6's page names
// them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runBody } from '../../../test/script-bench.ts';

const PAGE = `<html><body><div id="d1"><p id="p1">one<!-- c --></p><p id="p2" class="x">two</p><p id="p3">three <b id="b1">bold</b></p></div>
  <div id="d2"><p id="p4" class="x">four</p><div id="d3"><p id="p5">five</p></div></div></body></html>`;

const HEAD = `
  import { parseHTML } from 'k6/html';
  const doc = parseHTML(${JSON.stringify(PAGE)});
  const ids = (selection) => selection.map((i, el) => el.attr('id')).join(' ');
  const thrown = (fn) => { try { fn(); return 'nothing'; } catch (e) { return e.name; } };`;
const run = (body: string): Promise<unknown> => runBody(body, HEAD);

describe('a walk from several nodes', () => {
  test('gives each node once', async () => {
    assert.deepEqual(
      await run(`
        const p = doc.find('#d1 p');
        return [ids(p.parent()), ids(p.siblings()), ids(doc.find('#p4, #p5').closest('div')), ids(doc.find('#p1, #p2').nextAll()), ids(doc.find('#p2, #p3').prevAll()), ids(doc.find('div').find('p')), ids(doc.find('div').children('.x'))];`),
      ['d1', 'p2 p3 p1', 'd2 d3', 'p2 p3', 'p1 p2', 'p1 p2 p3 p4 p5', 'p2 p4'],
    );
  });

  test('takes the nearest first on its way up and back', async () => {
    assert.deepEqual(
      await run(
        `return [ids(doc.find('#p5').parents('div')), ids(doc.find('#p3').prevAll()), ids(doc.find('#p5').parentsUntil('body'))];`,
      ),
      ['d3 d2', 'p2 p1', 'd3 d2'],
    );
  });

  test('stops before a node, a selection or what a selector finds, and goes on to the end where that is not met', async () => {
    assert.deepEqual(
      await run(`
        const first = doc.find('#p1');
        return [ids(first.nextUntil('#p3')), ids(first.nextUntil(doc.find('#p3'))), ids(first.nextUntil(doc.find('#p3').get(0))), ids(first.nextUntil('#p5')), ids(first.nextUntil('#p2')), ids(first.nextUntil(null, '.x')), ids(first.nextUntil('nothing', 'p'))];`),
      ['p2', 'p2', 'p2', 'p2 p3', '', 'p2', 'p2 p3'],
    );
  });

  test('from nothing leads to nothing', async () => {
    assert.deepEqual(
      await run(`
        const none = doc.find('nothing');
        const walks = ['children', 'next', 'nextAll', 'parent', 'parents', 'prev', 'prevAll', 'siblings', 'nextUntil', 'parentsUntil', 'prevUntil', 'contents', 'first', 'last'];
        return [walks.map((name) => none[name]().size()), none.closest('p').size(), none.find('p').size(), none.eq(0).size(), none.add('p').size(), none.text(), none.html(), none.get(0) === undefined, none.get(), none.toArray(), none.map(() => 1), none.is('p'), none.index(), none.val() === undefined, none.data() === undefined, none.serialize()];`),
      [Array(14).fill(0), 0, 0, 0, 0, '', '', true, [], [], [], false, -1, true, true, ''],
    );
  });

  test('past the top of the page ends there', async () => {
    assert.deepEqual(
      await run(
        `return [doc.parent().size(), doc.parents().size(), doc.find('html').parent().size(), doc.find('html').siblings().size(), doc.next().size(), doc.closest('html').size(), doc.index()];`,
      ),
      [0, 0, 0, 0, 0, 0, -1],
    );
  });
});

describe('picking from a selection', () => {
  test('counts from the end below zero, and gives nothing beyond either end', async () => {
    assert.deepEqual(
      await run(`
        const p = doc.find('p');
        return [ids(p.eq(-1)), ids(p.eq(-5)), p.eq(-6).size(), p.eq(5).size(), p.get(-1).id(), p.get(-6) === undefined, ids(p.eq('1')), ids(p.eq(1.9)), ids(p.slice(-2)), ids(p.slice(1, -2)), ids(p.slice(3, 1)), ids(p.slice()), ids(p.slice(2, null))];`),
      ['p5', 'p1', 0, 0, 'p5', true, 'p2', 'p2', 'p4 p5', 'p2 p3', '', 'p1 p2 p3 p4 p5', 'p3 p4 p5'],
    );
  });

  test('with add() keeps each node once, and takes selectors, selections and elements', async () => {
    assert.deepEqual(
      await run(`
        const x = doc.find('.x');
        return [ids(x.add('#p1')), ids(x.add('p')), ids(x.add(doc.find('#p4'))), ids(x.add(doc.find('#b1').get(0))), x.size(), thrown(() => x.add(5)), thrown(() => x.add())];`),
      ['p2 p4 p1', 'p2 p4 p1 p3 p5', 'p2 p4', 'p2 p4 b1', 2, 'TypeError', 'TypeError'],
    );
  });

  test('goes back with end() to what it was picked from, step by step', async () => {
    assert.deepEqual(
      await run(`
        const s = doc.find('div').find('p').filter('.x').first();
        return [ids(s), ids(s.end()), ids(s.end().end()), ids(s.end().end().end()), s.end().end().end().end().is(doc), doc.find('p').map((i, el) => el.end().size())[0]];`),
      ['p2', 'p2 p4', 'p1 p2 p3 p4 p5', 'd1 d2 d3', true, 5],
    );
  });

  test('tells the place of a node among its siblings, among what a selector finds, or in the selection', async () => {
    assert.deepEqual(
      await run(`
        const p = doc.find('p');
        return [doc.find('#p3').index(), doc.find('#p4').index('p'), p.index(doc.find('#p5')), p.index(doc.find('#p5').get(0)), p.index(doc.find('div')), doc.find('#p3').index('.x'), p.index(doc.find('nothing'))];`),
      [2, 3, 4, 4, -1, -1, -1],
    );
  });

  test('with has() keeps those that hold a node below them, not those that are it', async () => {
    assert.deepEqual(
      await run(`
        const div = doc.find('div');
        return [ids(div.has('p')), ids(div.has('b')), ids(div.has(doc.find('#d3'))), ids(div.has(doc.find('#p5').get(0))), ids(div.has('nothing')), ids(doc.find('p').has('p'))];`),
      ['d1 d2 d3', 'd1', 'd2', 'd2 d3', '', ''],
    );
  });
});

describe('what a selection tells', () => {
  test('of text is that of all of its nodes, and of markup that of the first', async () => {
    assert.deepEqual(
      await run(
        `return [doc.find('#d1 p').text(), doc.find('#d1 p').html(), doc.find('#p3').html(), doc.find('#d3').html(), doc.find('#p3').contents().map((i, el) => el.get(0).nodeName())];`,
      ),
      ['onetwothree bold', 'one<!-- c -->', 'three <b id="b1">bold</b>', '<p id="p5">five</p>', ['#text', 'b']],
    );
  });

  test('of attributes is that of the first node; a default stands for one that is missing, not for an empty one', async () => {
    assert.deepEqual(
      await runBody(
        `const doc = parseHTML('<p title=""></p><p title="second" Data-X="1">');
         const p = doc.find('p');
         return [p.attr('title'), p.attr('title', 'd'), p.attr('lang', 'd'), p.attr('lang') === undefined, p.last().attr('data-x'), p.attr('constructor') === undefined];`,
        HEAD,
      ),
      ['', '', 'd', true, '1', true],
    );
  });

  test('of its callbacks is given the place and the node, as an Element to each() and as a Selection to the others', async () => {
    assert.deepEqual(
      await run(`
        const seen = [];
        const p = doc.find('#d1 p');
        const same = p.each(function (i, el) { seen.push(i, el.id()); }) === p;
        return [same, seen, p.map((i, el) => [i, el.size()]), ids(p.filter((i, el) => el.is('.x'))), ids(p.not((i) => i === 0)), p.is((i, el) => el.text() === 'two'), thrown(() => p.each()), thrown(() => p.map('x'))];`),
      [
        true,
        [0, 'p1', 1, 'p2', 2, 'p3'],
        [
          [0, 1],
          [1, 1],
          [2, 1],
        ],
        'p2',
        'p2 p3',
        true,
        'TypeError',
        'TypeError',
      ],
    );
  });

  test('does not change by what a callback does with the lists that it gave', async () => {
    assert.deepEqual(
      await run(`
        const p = doc.find('p');
        p.get().length = 0; p.toArray().pop(); p.map(() => 1).push(2);
        return [p.size(), p.toArray().map((s) => s.size())];`),
      [5, [1, 1, 1, 1, 1]],
    );
  });
});
