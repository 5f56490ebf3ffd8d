// Forms as other programs send them (RFC 7578, RFC 2046 section 5.1).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readForm } from './read-form.ts';

const TYPE = 'multipart/form-data; boundary=B';
const shown = (text: string, type = TYPE): unknown[] =>
  readForm(Buffer.from(text), type).map(({ name, filename, type: of, content }) => [
    name,
    filename,
    of,
    content.toString(),
  ]);
const part = (head: string, content = 'v'): string => `--B\r\n${head}\r\n\r\n${content}\r\n--B--\r\n`;

describe('a multipart form', () => {
  test('is its parts, in their order, the empty ones too', () => {
    const text =
      '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n--B--\r\n';
    assert.deepEqual(shown(text), [
      ['a', null, '', '1'],
      ['a', null, '', ''],
    ]);
  });

  test('without parts is none', () => {
    assert.deepEqual(shown('--B--\r\n'), []);
    assert.deepEqual(shown('--B--'), []);
  });

  test('may have something before and after it, that belongs to nobody', () => {
    assert.deepEqual(
      shown(
        `to whom it may concern\r\n${part('Content-Disposition: form-data; name="a"')}--B\r\nContent-Disposition: form-data; name="no"\r\n\r\n2\r\n--B--`,
      ),
      [['a', null, '', 'v']],
    );
  });

  test('has headers in any case, in any order, with white space around them', () => {
    assert.deepEqual(
      shown(part('X-Other: 1\r\nCONTENT-TYPE:  a/b \r\ncontent-disposition:form-data ; NAME="a" ;\tFileName="f.txt"')),
      [['a', 'f.txt', 'a/b', 'v']],
    );
  });

  test('has files of text where they name no type, and values of none', () => {
    assert.deepEqual(shown(part('Content-Disposition: form-data; name="a"; filename=""')), [
      ['a', '', 'text/plain', 'v'],
    ]);
    assert.deepEqual(shown(part('Content-Disposition: form-data; name=plain')), [['plain', null, '', 'v']]);
  });

  test('takes no name from within the name of a file', () => {
    assert.deepEqual(shown(part('Content-Disposition: form-data; filename="x; name=y; filename=z"; name="real"')), [
      ['real', 'x; name=y; filename=z', 'text/plain', 'v'],
    ]);
  });

  test('takes the first of two names', () => {
    assert.deepEqual(shown(part('Content-Disposition: form-data; name="a"; name="b"')), [['a', null, '', 'v']]);
  });

  test('has quotes and line ends of names as browsers write them, and leaves other escapes alone', () => {
    assert.deepEqual(shown(part('Content-Disposition: form-data; name="a%22b%0D%0Ac%20d%2522"')), [
      ['a"b\r\nc%20d%2522', null, '', 'v'],
    ]);
  });

  test('keeps whatever its content is, as long as the boundary is not at the beginning of a line', () => {
    const content = 'a--B\n--C\r\n-B\r\n\r\n --B--\0';
    assert.deepEqual(shown(part('Content-Disposition: form-data; name="a"', content)), [['a', null, '', content]]);
  });

  test('keeps bytes that are no text', () => {
    const bytes = Buffer.from([0, 255, 254, 13, 10, 13, 128]);
    const [head, end] = part('Content-Disposition: form-data; name="a"; filename="b"', '|').split('|');
    const [found] = readForm(Buffer.concat([Buffer.from(head!), bytes, Buffer.from(end!)]), TYPE);
    assert.deepEqual(found!.content, bytes);
  });

  test('has its boundary in quotes or not, with other parameters around, in any case', () => {
    const text = '--a b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--a b--';
    assert.deepEqual(shown(text, 'Multipart/Form-Data; charset=utf-8; Boundary="a b"'), [['x', null, '', '1']]);
    assert.deepEqual(
      shown(text.replaceAll('a b', 'ab'), 'multipart/form-data; note="; boundary=no"; boundary=ab; x=y'),
      [['x', null, '', '1']],
    );
  });

  test('that ends too early, has no boundary or no names is a TypeError that says so', () => {
    const cases: readonly (readonly [text: string, type: string, message: RegExp])[] = [
      ['', TYPE, /boundary does not occur/],
      ['--C--', TYPE, /boundary does not occur/],
      ['--B', TYPE, /does not end/],
      ['--B\r\n', TYPE, /does not end/],
      ['--B\r\nContent-Disposition: form-data; name="a"', TYPE, /does not end/],
      ['--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nvalue', TYPE, /does not end/],
      ['--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nvalue\r\n--', TYPE, /does not end/],
      [part('Content-Type: a/b'), TYPE, /has no name/],
      [part('Content-Disposition: form-data; filename="f"'), TYPE, /has no name/],
      ['--B--', 'multipart/form-data', /names no boundary/],
      ['--B--', 'multipart/form-data; boundary=""', /names no boundary/],
    ];
    for (const [text, type, message] of cases)
      assert.throws(
        () => shown(text, type),
        (error) => error instanceof TypeError && message.test(error.message),
        JSON.stringify(text),
      );
  });
});

describe('an urlencoded form', () => {
  test('is its pairs, without a question mark to leave out', () => {
    assert.deepEqual(
      shown('a=1+2&b=%C3%A4&a=&%zz=%&c', 'Application/X-WWW-Form-Urlencoded ; charset=utf-8').map((entry) =>
        (entry as unknown[]).filter((_, at) => at === 0 || at === 3),
      ),
      [
        ['a', '1 2'],
        ['b', 'ä'],
        ['a', ''],
        ['%zz', '%'],
        ['c', ''],
      ],
    );
    assert.deepEqual(shown('?a=1', 'application/x-www-form-urlencoded')[0], ['?a', null, '', '1']);
    assert.deepEqual(shown('', 'application/x-www-form-urlencoded'), []);
  });
});

test('a body of another type is no form, and the error names the type', () => {
  assert.throws(() => shown('a=1', 'application/json'), /its type is application\/json/);
  assert.throws(() => shown('a=1', ''), /its type is not given/);
});
