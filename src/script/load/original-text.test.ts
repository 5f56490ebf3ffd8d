import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evaluateInScript, expectedOf, type ScriptCase } from '../../vu/script-lab.fixture.ts';

const ODD = `function odd ( a,b ) { /* a comment */ return a  +  b }`;
const LIB = `export ${ODD}
export const arrow =  ( x )=>x  *  2;
export const anonymous = function  () {  };
export const later = async   (x) =>  { await x };
export function * generator () { yield  1 }
export class   Odd { constructor (  ) {  } method ( a ){ return  a }
  static  still (){ } static still2( ){ } static  async  later( ){ } static get  it(){ return 1 } static  [ 'c' + 'd' ] ( ){ } get  own () { return 1 } #hidden ( ) {} hidden() { return this.#hidden } }
export const object = { method ( ) { }, async  other( ){ }, get  own( ) { return 1 }, 'quoted name' ( ) {}, [ 'a' + 'b' ] ( ) {} };
export const nested = () => {  return function  inner ( ) { /* in */ } };
export const text = \`two
  lines\`, after = ( ) => text;
export const žluť = ( ) =>  'ž';
export default function  named ( ) { return  1 }
`;
const METHODS = `const own = (o, name) => Object.getOwnPropertyDescriptor(o, name);`;

describe('the text of functions of joined modules', () => {
  test('is what their author wrote, to the last space', async () => {
    const cases: Record<string, ScriptCase> = {
      declaration: ['String(lib.odd)', ODD],
      arrow: ['`$' + '{lib.arrow}`', '( x )=>x  *  2'],
      anonymous: ["lib.anonymous + ''", 'function  () {  }'],
      async: ['lib.later.toString()', 'async   (x) =>  { await x }'],
      generator: ['lib.generator.toString()', 'function * generator () { yield  1 }'],
      method: ['lib.Odd.prototype.method.toString()', 'method ( a ){ return  a }'],
      static: ['lib.Odd.still.toString()', 'still (){ }'],
      'static behind one space': ['lib.Odd.still2.toString()', 'still2( ){ }'],
      'static and async': ['lib.Odd.later.toString()', 'async  later( ){ }'],
      'static getter': ["own(lib.Odd, 'it').get.toString()", 'get  it(){ return 1 }'],
      'static with a computed name': ['lib.Odd.cd.toString()', "[ 'c' + 'd' ] ( ){ }"],
      getter: ["own(lib.Odd.prototype, 'own').get.toString()", 'get  own () { return 1 }'],
      private: ['new lib.Odd().hidden().toString()', '#hidden ( ) {}'],
      'method of an object': ['lib.object.method.toString()', 'method ( ) { }'],
      'async method': ['lib.object.other.toString()', 'async  other( ){ }'],
      'getter of an object': ["own(lib.object, 'own').get.toString()", 'get  own( ) { return 1 }'],
      'quoted name': ["lib.object['quoted name'].toString()", "'quoted name' ( ) {}"],
      'computed name': ['lib.object.ab.toString()', "[ 'a' + 'b' ] ( ) {}"],
      'in a function': ['lib.nested().toString()', 'function  inner ( ) { /* in */ }'],
      'behind lines': ['lib.after.toString()', '( ) => text'],
      'not ASCII': ['lib.žluť.toString()', "( ) =>  'ž'"],
      default: ['lib.default.toString()', 'function  named ( ) { return  1 }'],
      'by the prototype': ['Function.prototype.toString.call(lib.arrow)', '( x )=>x  *  2'],
      'of its own': ['(( a )=>  a).toString()', '( a )=>  a'],
      common: ['common.f.toString()', 'function  ( ) { return  2 }'],
    };
    const files = { 'lib.js': LIB, 'common.js': 'exports.f = function  ( ) { return  2 };\n' };
    const init = `import * as lib from './lib.js'; import common from './common.js'; ${METHODS}`;
    assert.deepEqual(await evaluateInScript(cases, init, files), expectedOf(cases));
  });

  test('of TypeScript is that without types, and can be evaluated', async () => {
    const cases: Record<string, ScriptCase> = {
      types: ['/number/.test(lib.typed)', false],
      evaluated: ["eval('(' + lib.typed + ')')(20, 1)", 21],
    };
    const files = { 'lib.ts': 'export const typed = (a: number, b: number): number => a + b;\n' };
    assert.deepEqual(await evaluateInScript(cases, "import * as lib from './lib.ts';", files), expectedOf(cases));
  });

  test('is that of the script where its own map leads to files whose text it does not hold', async () => {
    const map = { version: 3, sources: ['gone.ts'], names: [], mappings: 'AAAA;AACA;AACA;AACA;AACA' };
    const comment = `//# sourceMappingURL=data:application/json,${encodeURIComponent(JSON.stringify(map))}`;
    const main = `export const options = { iterations: 1 };
function  odd( ) { return 1 }
export default () => console.log(JSON.stringify(['own', odd.toString()]));
${comment}
`;
    const cases: Record<string, ScriptCase> = { own: ['1', 'function  odd( ) { return 1 }'] };
    assert.deepEqual(await evaluateInScript(cases, '', { 'main.js': main }), expectedOf(cases));
  });
});
