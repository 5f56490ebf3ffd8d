import type { Socket } from 'node:net';

/** Error replies by the code of the catalogue that clients should have for them. */
const REPLIES: Readonly<Record<string, string>> = {
  2000: 'ERR value is not an integer or out of range',
  2001: 'NOAUTH Authentication required.',
  2002: 'WRONGTYPE Operation against a key holding the wrong kind of value',
  2003: 'LOADING Redis is loading the dataset in memory',
  2004: "OOM command not allowed when used memory > 'maxmemory'.",
  2005: 'MOVED 3999 127.0.0.1:6381',
};

const LARGEST_COMMAND = 64 * 1024;

/** Redis without a store (RESP 2): a command on the key `code:2003` is refused so that it is code 2003, others do nothing. */
export function serveRedis(socket: Socket): void {
  let rest = '';
  socket.setEncoding('latin1');
  socket.on('data', (text) => {
    rest += text;
    for (;;) {
      const command = readCommand(rest);
      if (command === null) break;
      rest = rest.slice(command.length);
      socket.write(replyTo(command.words));
    }
    if (rest.length > LARGEST_COMMAND) socket.destroy();
  });
}

/** The first whole command of a text: `*2\r\n$3\r\nGET\r\n$1\r\na\r\n`. */
function readCommand(text: string): { readonly words: readonly string[]; readonly length: number } | null {
  const [head = '', count = '0'] = /^\*(\d{1,4})\r\n/.exec(text) ?? [];
  if (head === '') return null;
  const words: string[] = [];
  let at = head.length;
  for (let i = 0; i < Number(count); i++) {
    const [line = '', size = '0'] = /^\$(\d{1,6})\r\n/.exec(text.slice(at, at + 16)) ?? [];
    const from = at + line.length;
    at = from + Number(size) + 2;
    if (line === '' || at > text.length) return null;
    words.push(text.slice(from, at - 2));
  }
  return { words, length: at };
}

function replyTo([name = '', ...words]: readonly string[]): string {
  const wanted = words.map((word) => REPLIES[/^code:(\d{4})$/.exec(word)?.[1] ?? '']).find((one) => one !== undefined);
  if (wanted !== undefined) return `-${wanted}\r\n`;
  switch (name.toUpperCase()) {
    case 'GET':
      return '$-1\r\n';
    case 'PING':
      return '+PONG\r\n';
    case 'INFO':
      return '$0\r\n\r\n';
    case 'HELLO':
      return "-ERR unknown command 'HELLO'\r\n";
    default:
      return '+OK\r\n';
  }
}
