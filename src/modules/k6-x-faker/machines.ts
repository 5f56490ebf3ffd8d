// The internet, files, programs and what goes wrong with them.
import type { Faker } from '@faker-js/faker';
import { type Category, type Generator, list, oneOf } from './generator.ts';

const METHODS = list('HEAD, GET, POST, PUT, PATCH, DELETE, TRACE, OPTIONS, CONNECT');
const VERSIONS = ['HTTP/1.0', 'HTTP/1.1', 'HTTP/2.0'];
const LOG_LEVELS = ['error', 'warning', 'info', 'fatal', 'trace', 'debug'];
const SIMPLE_STATUSES = [200, 301, 302, 400, 404, 500];
const INPUT_NAMES = list(
  'address, city, comment, country, description, email, first_name, last_name, latitude, longitude, middle_name, name, password, phone, state, suffix, title, username, zip',
);
const DATABASE_ERRORS = [
  'sql error',
  'sql: no rows in result set',
  'sql: database is closed',
  'sql: connection is already closed',
];
const OBJECT_WORDS = list(
  'argument, buffer, connection, database, header, hash, index, key, object, pipe, promise, query, record, signature, stack, thread',
);
const GRPC_ERRORS = [
  'client protocol error',
  'connection refused',
  'connection reset by peer',
  'context deadline exceeded',
  'server misbehaving',
  'transport is closing',
];
const CLIENT_ERRORS = list(
  'bad request, forbidden, invalid method, method not allowed, not found, request entity too large, request timeout, unauthorized',
);
const SERVER_ERRORS = [
  'bad gateway',
  'gateway timeout',
  'internal server error',
  'not implemented',
  'service unavailable',
];
const RUNTIME_ERRORS = [
  'panic: runtime error: invalid memory address or nil pointer dereference',
  'address out of bounds',
  'undefined has no such property',
  'file not found',
];
const VALIDATION_ERRORS = [
  'field required',
  'invalid format',
  'passwords do not match',
  'state max length exceeded',
  'value must be unique',
];
const ERRORS = [
  ...DATABASE_ERRORS,
  ...GRPC_ERRORS,
  ...CLIENT_ERRORS,
  ...SERVER_ERRORS,
  ...RUNTIME_ERRORS,
  ...VALIDATION_ERRORS,
];
const LANGUAGES = [
  ['Arabic', 'ar', 'ar-SA'],
  ['Bengali', 'bn', 'bn-BD'],
  ['Chinese', 'zh', 'zh-CN'],
  ['Czech', 'cs', 'cs-CZ'],
  ['Danish', 'da', 'da-DK'],
  ['Dutch', 'nl', 'nl-NL'],
  ['English', 'en', 'en-US'],
  ['Finnish', 'fi', 'fi-FI'],
  ['French', 'fr', 'fr-FR'],
  ['German', 'de', 'de-DE'],
  ['Greek', 'el', 'el-GR'],
  ['Hindi', 'hi', 'hi-IN'],
  ['Hungarian', 'hu', 'hu-HU'],
  ['Italian', 'it', 'it-IT'],
  ['Japanese', 'ja', 'ja-JP'],
  ['Korean', 'ko', 'ko-KR'],
  ['Polish', 'pl', 'pl-PL'],
  ['Portuguese', 'pt', 'pt-BR'],
  ['Russian', 'ru', 'ru-RU'],
  ['Spanish', 'es', 'es-ES'],
  ['Swedish', 'sv', 'sv-SE'],
  ['Turkish', 'tr', 'tr-TR'],
  ['Ukrainian', 'uk', 'uk-UA'],
  ['Vietnamese', 'vi', 'vi-VN'],
] as const;
const PROGRAMMING_LANGUAGES = list(
  'Ada, C, C#, C++, Clojure, COBOL, Dart, Elixir, Erlang, F#, Fortran, Go, Haskell, Java, JavaScript, Julia, Kotlin, Lisp, Lua, OCaml, Pascal, Perl, PHP, Prolog, Python, R, Ruby, Rust, Scala, Smalltalk, Swift, TypeScript, Zig',
);
const SPECIAL = '!@#$%&*+-_=?:;,.|(){}<>';
const MOST_CHARACTERS = 10_000;

const version = (faker: Faker, low: number, high: number) =>
  `${faker.number.int({ min: low, max: high })}.0.${faker.number.int({ min: 100, max: 999 })}.0`;
const platform = (faker: Faker) =>
  faker.helpers.arrayElement(['Windows NT 10.0; Win64; x64', 'Macintosh; Intel Mac OS X 10_15_7', 'X11; Linux x86_64']);
const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const chrome: Generator = (faker) =>
  `Mozilla/5.0 (${platform(faker)}) ${webkit} Chrome/${version(faker, 100, 140)} Safari/537.36`;
const firefox: Generator = (faker) => {
  const release = faker.number.int({ min: 100, max: 145 });
  return `Mozilla/5.0 (${platform(faker)}; rv:${release}.0) Gecko/20100101 Firefox/${release}.0`;
};
const opera: Generator = (faker) =>
  `Mozilla/5.0 (${platform(faker)}) ${webkit} Chrome/${version(faker, 100, 140)} Safari/537.36 OPR/${version(faker, 90, 120)}`;
const safari: Generator = (faker) =>
  `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${faker.number.int({ min: 13, max: 18 })}.${faker.number.int({ min: 0, max: 6 })} Safari/605.1.15`;

export const internet: Category = {
  chromeUserAgent: chrome,
  domainName: (faker) => faker.internet.domainName(),
  domainSuffix: (faker) => faker.internet.domainSuffix(),
  firefoxUserAgent: firefox,
  httpMethod: oneOf(METHODS),
  httpStatusCode: (faker) => faker.internet.httpStatusCode(),
  httpStatusCodeSimple: (faker) => faker.helpers.arrayElement(SIMPLE_STATUSES),
  httpVersion: oneOf(VERSIONS),
  imageUrl: (faker, given) =>
    `https://picsum.photos/${given.count(0, 500, 10_000)}/${given.count(1, 500, 10_000)}?random=${faker.number.int({ max: 9999 })}`,
  inputName: oneOf(INPUT_NAMES),
  ipv4Address: (faker) => faker.internet.ipv4(),
  ipv6Address: (faker) => faker.internet.ipv6(),
  logLevel: oneOf(LOG_LEVELS),
  macAddress: (faker) => faker.internet.mac(),
  operaUserAgent: opera,
  /** `password(lower, upper, numeric, special, space, length)`: one of each kind that is wanted, at least five characters. */
  password: (faker, given) => {
    const kinds = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789', SPECIAL, ' '];
    const wanted = kinds.filter((_, i) => given.flag(i, i < 3));
    const pool = wanted.length === 0 ? kinds.slice(0, 3) : wanted;
    const length = Math.max(5, given.count(5, 12, MOST_CHARACTERS));
    const firsts = pool.map((kind) => faker.string.fromCharacters(kind));
    const rest = Array.from({ length: length - firsts.length }, () => faker.string.fromCharacters(pool.join('')));
    return faker.helpers.shuffle([...firsts, ...rest]).join('');
  },
  safariUserAgent: safari,
  url: (faker) => faker.internet.url(),
  userAgent: (faker, given) => faker.helpers.arrayElement([chrome, firefox, opera, safari])(faker, given),
  username: (faker) => faker.internet.username(),
};

export const app: Category = {
  appAuthor: (faker) => (faker.datatype.boolean() ? faker.company.name() : faker.person.fullName()),
  appName: (faker) => faker.commerce.productName().replaceAll(' ', ''),
  appVersion: (faker) => faker.system.semver(),
};

export const file: Category = {
  fileExtension: (faker) => faker.system.fileExt(),
  fileMimeType: (faker) => faker.system.mimeType(),
};

export const hacker: Category = {
  hackerAbbreviation: (faker) => faker.hacker.abbreviation(),
  hackerAdjective: (faker) => faker.hacker.adjective(),
  hackeringVerb: (faker) => faker.hacker.ingverb(),
  hackerNoun: (faker) => faker.hacker.noun(),
  hackerPhrase: (faker) => faker.hacker.phrase(),
  hackerVerb: (faker) => faker.hacker.verb(),
};

export const language: Category = {
  language: (faker) => faker.helpers.arrayElement(LANGUAGES)[0],
  languageAbbreviation: (faker) => faker.helpers.arrayElement(LANGUAGES)[1],
  languageBcp: (faker) => faker.helpers.arrayElement(LANGUAGES)[2],
  programmingLanguage: oneOf(PROGRAMMING_LANGUAGES),
};

export const error: Category = {
  databaseError: oneOf(DATABASE_ERRORS),
  error: oneOf(ERRORS),
  errorObjectWord: oneOf(OBJECT_WORDS),
  gRPCError: oneOf(GRPC_ERRORS),
  httpClientError: oneOf(CLIENT_ERRORS),
  httpError: oneOf([...CLIENT_ERRORS, ...SERVER_ERRORS]),
  httpServerError: oneOf(SERVER_ERRORS),
  runtimeError: oneOf(RUNTIME_ERRORS),
  validationError: oneOf(VALIDATION_ERRORS),
};
