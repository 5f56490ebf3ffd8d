import type { HeaderField } from './header-field.ts';

/** RFC 7541 appendix A, one line per entry: the name, and after a space the value. */
const TEXT = `:authority
:method GET
:method POST
:path /
:path /index.html
:scheme http
:scheme https
:status 200
:status 204
:status 206
:status 304
:status 400
:status 404
:status 500
accept-charset
accept-encoding gzip, deflate
accept-language
accept-ranges
accept
access-control-allow-origin
age
allow
authorization
cache-control
content-disposition
content-encoding
content-language
content-length
content-location
content-range
content-type
cookie
date
etag
expect
expires
from
host
if-match
if-modified-since
if-none-match
if-range
if-unmodified-since
last-modified
link
location
max-forwards
proxy-authenticate
proxy-authorization
range
referer
refresh
retry-after
server
set-cookie
strict-transport-security
transfer-encoding
user-agent
vary
via
www-authenticate`;

/** The static table; entry 0 stands for index 1. */
export const STATIC_TABLE: readonly HeaderField[] = TEXT.split('\n').map((line) => {
  const space = line.indexOf(' ');
  return space < 0 ? { name: line, value: '' } : { name: line.slice(0, space), value: line.slice(space + 1) };
});

export const STATIC_LENGTH: number = STATIC_TABLE.length;

/** Index of the first static entry with a name. */
export const STATIC_NAMES: ReadonlyMap<string, number> = new Map(
  STATIC_TABLE.map((field, at): [string, number] => [field.name, at + 1]).reverse(),
);

/** Index of a static entry by name and value. */
export const STATIC_FIELDS: ReadonlyMap<string, ReadonlyMap<string, number>> = Map.groupBy(
  STATIC_TABLE.keys(),
  (at) => (STATIC_TABLE[at] as HeaderField).name,
)
  .entries()
  .reduce((byName, [name, positions]) => {
    byName.set(name, new Map(positions.map((at) => [(STATIC_TABLE[at] as HeaderField).value, at + 1])));
    return byName;
  }, new Map<string, ReadonlyMap<string, number>>());
