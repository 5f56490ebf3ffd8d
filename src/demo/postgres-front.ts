import type { Socket } from 'node:net';

const SSL_REQUEST = 80_877_103;
const LARGEST_MESSAGE = 64 * 1024;

/** Errors by SQLSTATE (PostgreSQL, appendix A): those below the first line end the session. */
const MESSAGES: Readonly<Record<string, string>> = {
  '22012': 'division by zero',
  '23505': 'duplicate key value violates unique constraint "orders_pkey"',
  '42P01': 'relation "order" does not exist',
  '40001': 'could not serialize access due to concurrent update',
  '28P01': 'password authentication failed for user "shop"',
  '53300': 'sorry, too many clients already',
  '57P01': 'terminating connection due to administrator command',
};
const ENDS_SESSION = /^(?:28|53|57P)/;
const STATE = /'([0-9A-Z]{5})'/;

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const AUTHENTICATED = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const NOTHING_SELECTED = message('C', Buffer.from('SELECT 0\0'));

/** No rows. */
const PARSED_AND_BOUND = [...['1', '2', 'n'].map((type) => message(type, Buffer.alloc(0))), NOTHING_SELECTED];

function errorOf(state: string): Buffer {
  const severity = ENDS_SESSION.test(state) ? 'FATAL' : 'ERROR';
  const text = MESSAGES[state] ?? 'as you asked';
  return message('E', Buffer.from(`S${severity}\0V${severity}\0C${state}\0M${text}\0\0`));
}

/**
 * PostgreSQL without a database (protocol 3.0, simple and extended queries): a statement that has a SQLSTATE in quotes fails with it, as
 * `select '40001'`; so does a session with the database `28P01`.
 */
export function servePostgres(socket: Socket): void {
  let rest = Buffer.alloc(0);
  let isStarted = false;
  /** What an extended query has asked for, until Sync. */
  let asked: string | null = null;
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      const from = isStarted ? 1 : 0;
      if (rest.length < from + 4) break;
      const end = from + rest.readUInt32BE(from);
      if (end > LARGEST_MESSAGE || end < from + 4) {
        socket.destroy();
        return;
      }
      if (rest.length < end) break;
      const type = isStarted ? String.fromCharCode(rest[0]!) : '';
      const body = rest.subarray(from + 4, end);
      rest = rest.subarray(end);
      take(type, body);
    }
  });

  const take = (type: string, body: Buffer): void => {
    switch (type) {
      case '':
        if (body.length >= 4 && body.readUInt32BE(0) === SSL_REQUEST) socket.write('N');
        else start(body.toString('utf8', 4).split('\0'));
        return;
      case 'Q':
        finish(body.toString('utf8'), [NOTHING_SELECTED]);
        return;
      case 'P':
        asked = body.toString('utf8');
        return;
      case 'S':
        if (asked === null) socket.write(READY);
        else finish(asked, PARSED_AND_BOUND);
        asked = null;
        return;
      case 'X':
        socket.end();
    }
  };

  const start = (parameters: readonly string[]): void => {
    isStarted = true;
    // Names and values alternate.
    const database = parameters.find((_, at) => at % 2 === 1 && parameters[at - 1] === 'database') ?? '';
    if (Object.hasOwn(MESSAGES, database)) socket.end(errorOf(database));
    else socket.write(Buffer.concat([AUTHENTICATED, READY]));
  };

  const finish = (statement: string, answer: readonly Buffer[]): void => {
    const state = STATE.exec(statement)?.[1];
    if (state === undefined) socket.write(Buffer.concat([...answer, READY]));
    else if (ENDS_SESSION.test(state)) socket.end(errorOf(state));
    else socket.write(Buffer.concat([errorOf(state), READY]));
  };
}
