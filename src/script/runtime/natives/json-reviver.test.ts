// JSON.parse with a reviver that waits, and JSON.stringify with functions that do (ECMA-262 §25.5).
import { describe, it } from 'node:test';
import { comesTo } from '../../../../test/compiler/as-in-node.fixture.ts';

describe('JSON.parse with a reviver that waits', () => {
  it('visits what is innermost first, each with its holder as this', () =>
    comesTo(
      `const seen = []
       JSON.parse('{"a":{"b":[1]},"c":2}', function (key, value) { seen.push([key, Array.isArray(this), Object.keys(this)]); return host(value) })
       return seen`,
      [
        ['0', true, ['0']],
        ['b', false, ['b']],
        ['a', false, ['a', 'c']],
        ['c', false, ['a', 'c']],
        ['', false, ['']],
      ],
      [1, [1], { b: [1] }, 2, { a: { b: [1] }, c: 2 }],
    ));

  it('deletes what becomes undefined, which leaves holes in arrays', () =>
    comesTo(
      `const made = JSON.parse('{"keep":1,"drop":2,"list":[1,2,3]}', (key, value) => (host(key) === 'drop' || key === '1' ? undefined : value))
       return [made, 'drop' in made, 1 in made.list, made.list.length]`,
      [
        // biome-ignore lint/suspicious/noSparseArray: it is one
        { keep: 1, list: [1, , 3] },
        false,
        false,
        3,
      ],
    ));

  it('brings what the reviver makes of the whole, whatever that is', () =>
    comesTo(
      `return [JSON.parse('{"a":1}', (key, value) => (key === '' ? host('instead') : value)), JSON.parse('[1]', (key) => { host(key); return undefined }), JSON.parse('5', (key, value) => host(value) + 1)]`,
      ['instead', undefined, 6],
    ));

  it('tells the source text of numbers, strings, true, false and null, of objects and arrays none', () =>
    comesTo(
      `const seen = []
       JSON.parse(' [1.50, "\\\\u0041", true , null, -0, 1E3, {"":12345678901234567890}, []] ', (key, value, context) => { seen.push([key, context.source, Object.keys(context).length]); return host(value) })
       return seen`,
      [
        ['0', '1.50', 1],
        ['1', '"\\u0041"', 1],
        ['2', 'true', 1],
        ['3', 'null', 1],
        ['4', '-0', 1],
        ['5', '1E3', 1],
        ['', '12345678901234567890', 1],
        ['6', undefined, 0],
        ['7', undefined, 0],
        ['', undefined, 0],
      ],
    ));

  it('tells the source text of a text that is a single value', () =>
    comesTo(
      `let source
       const value = JSON.parse('0.10', (key, value, context) => { source = context.source; return host(value) })
       return [value, source]`,
      [0.1, '0.10'],
    ));

  it('tells the last text of a name that stands there twice', () =>
    comesTo(
      `const seen = []
       JSON.parse('{"a":1,"b":2,"a":[3]}', (key, value, context) => { seen.push([key, context.source]); return host(value) })
       return seen`,
      [
        ['0', '3'],
        ['a', undefined],
        ['b', '2'],
        ['', undefined],
      ],
    ));

  it('tells no source text of what the reviver has put there meanwhile', () =>
    comesTo(
      `const seen = []
       JSON.parse('{"a":1,"b":[2,3],"c":4,"d":5}', function (key, value, context) {
         if (key === 'a') { this.b = 6; this.d = 5; this.e = 'new' }
         seen.push([key, context.source])
         return host(value)
       })
       return seen`,
      [
        ['a', '1'],
        ['b', undefined],
        ['c', '4'],
        ['d', '5'],
        ['', undefined],
      ],
    ));

  it('goes through what the reviver has put there, and tells nothing of it', () =>
    comesTo(
      `const seen = []
       JSON.parse('{"a":0,"b":{"x":1},"c":2}', function (key, value, context) {
         if (key === 'a') this.b = { y: 3, z: [4] }
         seen.push([key, value, context.source])
         return host(value)
       })
       return seen`,
      [
        ['a', 0, '0'],
        ['y', 3, undefined],
        ['0', 4, undefined],
        ['z', [4], undefined],
        ['b', { y: 3, z: [4] }, undefined],
        ['c', 2, '2'],
        ['', { a: 0, b: { y: 3, z: [4] }, c: 2 }, undefined],
      ],
    ));

  it('visits no name that was not there at first, and those that are gone with undefined', () =>
    comesTo(
      `const seen = []
       const made = JSON.parse('{"a":1,"b":2,"c":[3,4]}', function (key, value, context) {
         if (key === 'a') { delete this.b; this.late = 9 }
         if (key === '0') this.length = 1
         seen.push([key, value, context.source])
         return host(value)
       })
       return [made, seen]`,
      [
        { a: 1, c: [3], late: 9 },
        [
          ['a', 1, '1'],
          ['b', undefined, undefined],
          ['0', 3, '3'],
          ['1', undefined, undefined],
          ['c', [3], undefined],
          ['', { a: 1, c: [3], late: 9 }, undefined],
        ],
      ],
    ));

  it('keeps source texts with what they are of where the reviver exchanges two', () =>
    comesTo(
      `const seen = []
       JSON.parse('[0,"one",1,{"x":2},{"x":3}]', function (key, value, context) {
         if (key === '0') { [this[1], this[2]] = [this[2], this[1]]; [this[3], this[4]] = [this[4], this[3]] }
         seen.push(context.source ?? null)
         return host(value)
       })
       return seen`,
      ['0', null, null, null, null, null, null, null],
    ));

  it('defines __proto__ as a name like any', () =>
    comesTo(
      `const made = JSON.parse('{"__proto__":{"a":1}}', (key, value) => host(value))
       return [Object.keys(made), Object.getPrototypeOf(made) === Object.prototype]`,
      [['__proto__'], true],
    ));

  it('goes on where what it has made cannot be changed', () =>
    comesTo(
      `return JSON.parse('{"a":{"b":1,"c":2},"d":3}', function (key, value) { if (key === 'b') Object.freeze(this); return key === '' || key === 'a' ? value : host(9) })`,
      { a: { b: 1, c: 2 }, d: 9 },
    ));

  it('says nothing to the reviver of a text that is wrong', () =>
    comesTo(
      `try { JSON.parse('{"a":1,}', (key, value) => host(value)) } catch (error) { return error.name }`,
      'SyntaxError',
      [],
    ));

  it('lets out what the reviver throws, in the middle', () =>
    comesTo(
      `try { JSON.parse('[1,2,3]', (key, value) => { if (host(value) === 2) throw new RangeError('two'); return value }) } catch (error) { return error.message }`,
      'two',
      [1, 2],
    ));

  it('takes its text from an object that waits to tell it', () =>
    comesTo(`return JSON.parse({ toString: () => host('[1]') }, (key, value) => host(value))`, [1], ['[1]', 1, [1]]));
});

describe('JSON.stringify with functions that wait', () => {
  it('asks toJSON first, then the replacer, each with the holder as this', () =>
    comesTo(
      `const seen = []
       const inner = { toJSON(key) { seen.push(['toJSON', key, this === inner]); return host('made') } }
       return [JSON.stringify({ inner }, function (key, value) { seen.push(['replacer', key, value === this[key]]); return value }), seen]`,
      [
        '{"inner":"made"}',
        [
          ['replacer', '', true],
          ['toJSON', 'inner', true],
          ['replacer', 'inner', false],
        ],
      ],
    ));

  it('leaves out what comes to undefined, functions and symbols, but writes null in arrays', () =>
    comesTo(
      `return [JSON.stringify({ a: 1, b: 2, c: () => 1, d: Symbol() }, (key, value) => (host(key) === 'b' ? undefined : value)), JSON.stringify([1, 2, () => 1], (key, value) => (host(key) === '0' ? undefined : value)), JSON.stringify(1, () => host(undefined))]`,
      ['{"a":1}', '[null,2,null]', undefined],
    ));

  it('goes through what the replacer puts in the place of the whole', () =>
    comesTo(
      `return JSON.stringify('text', (key, value) => (key === '' ? { a: [host(1)] } : value), 1)`,
      '{\n "a": [\n  1\n ]\n}',
    ));

  it('refuses cycles and big integers, and lets out what a replacer throws', () =>
    comesTo(
      `const cycle = {}; cycle.self = cycle
       const told = []
       for (const [value, replacer] of [[cycle, (k, v) => host(1) && v], [1n, (k, v) => host(1) && v], [1, () => { throw new RangeError(host('x')) }]])
         try { JSON.stringify(value, replacer) } catch (error) { told.push(error.name) }
       return told`,
      ['TypeError', 'TypeError', 'RangeError'],
    ));

  it('writes what a class says of itself, deep in other data, once for each place', () =>
    comesTo(
      `class Money { constructor(n) { this.n = n } toJSON() { return host(this.n) + ' €' } }
       const price = new Money(5)
       return JSON.stringify({ price, list: [price, new Map([[1, price]]), { nested: new Money(7) }], date: new Date(0) })`,
      '{"price":"5 €","list":["5 €",{},{"nested":"7 €"}],"date":"1970-01-01T00:00:00.000Z"}',
      [5, 5, 7],
    ));

  it('reads getters in the order of the names', () =>
    comesTo(
      `return JSON.stringify({ get b() { return host('b') }, a: 1, get 2() { return host('two') } })`,
      '{"2":"two","b":"b","a":1}',
      ['two', 'b'],
    ));

  it('takes a list of names, each once, in its order', () =>
    comesTo(
      `return JSON.stringify({ a: 1, b: { a: 2, c: 3, toJSON() { return host({ a: 4, c: 5 }) } }, 1: 6 }, ['b', 'a', new String('c'), 1, 'a'])`,
      '{"b":{"a":4,"c":5},"a":1,"1":6}',
    ));
});
