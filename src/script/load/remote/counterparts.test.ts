import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCounterpart } from './counterparts.ts';

test('a library of jslib is told by its name there, in whatever version', () => {
  for (const address of [
    'https://jslib.k6.io/k6-utils/1.4.0/index.js',
    'https://jslib.k6.io/k6-utils/latest/index.js?x#y',
    'https://jslib.k6.io:443/k6-utils/',
  ])
    assert.match(String(findCounterpart(address)), /'sixfold\/jslib\/utils'/, address);
  for (const address of [
    'https://jslib.k6.io/',
    'https://jslib.k6.io/no-such-library/1.0.0/index.js',
    'https://jslib.k6.io/constructor/1.0.0/index.js',
    'https://jslib.k6.io/__proto__/1.0.0/index.js',
    'https://jslib.k6.io.example.com/k6-utils/1.4.0/index.js',
  ])
    assert.equal(findCounterpart(address), null, address);
});

test('a package that a server of packages hands out is one of npm, by its name without version and file', () => {
  const names: Readonly<Record<string, string>> = {
    'https://unpkg.com/lodash': 'lodash',
    'https://unpkg.com/lodash@4.17.21/lodash.js': 'lodash',
    'https://unpkg.com/@faker-js/faker@8/dist/index.js': '@faker-js/faker',
    'https://esm.sh/date-fns@3?bundle': 'date-fns',
    'https://esm.sh/v135/uuid@9.0.0/es2022/uuid.mjs': 'uuid',
    'https://cdn.skypack.dev/pin/ulid@v2.3.0-abc/mode=imports/optimized/ulid.js': 'ulid',
    'https://ga.jspm.io/npm:socket.io-client@4/dist/x.js': 'socket.io-client',
    'https://cdn.jsdelivr.net/npm/chance@1.1.8/dist/chance.min.js': 'chance',
    'https://cdnjs.cloudflare.com/ajax/libs/dayjs/1.11.0/dayjs.min.js': 'dayjs',
  };
  for (const [address, name] of Object.entries(names))
    assert.equal(findCounterpart(address), `npm install ${name}, and import it from '${name}'`, address);
});

test('of all other addresses nothing is known', () => {
  for (const address of [
    'https://example.com/lodash.js',
    'https://unpkg.com/',
    'https://cdn.jsdelivr.net/gh/someone/something@1/x.js',
    'https://raw.githubusercontent.com/someone/something/main/x.js',
    'https://notunpkg.com/lodash',
  ])
    assert.equal(findCounterpart(address), null, address);
});
