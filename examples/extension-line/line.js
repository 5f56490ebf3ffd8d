// `k6/x/line`: a client of protocols in which each line is answered by a line.
import { createInterface } from 'node:readline';

/** @type {import('sixfold/extension').ExtensionModule} */
export default {
  create(host) {
    const answers = host.metric('line_answers', 'counter');
    const duration = host.metric('line_answer_duration', 'trend', 'time');
    return {
      /** Data of the module: each virtual user has a copy. */
      defaults: { port: 7, timeoutMs: 5000 },

      checksum: {
        kind: 'plain',
        run: (_call, text) => [...String(text)].reduce((sum, letter) => (sum + letter.codePointAt(0)) % 256, 0),
      },

      Client: {
        kind: 'class',
        construct: (_call, host, port) => ({ host: String(host), port: Number(port), stream: null, waiting: [] }),
        methods: {
          /** Suspends the virtual user that calls it until the answer is there. */
          ask: {
            kind: 'blocking',
            async run(call, client, line) {
              if (call.phase === 'init') throw new Error('asking in the init context is not supported');
              client.stream ??= await open(call, client);
              const started = performance.now();
              const answer = await new Promise((resolve, reject) => {
                client.waiting.push({ resolve, reject });
                // The iteration is interrupted: nobody waits for the answer any more.
                call.signal.addEventListener('abort', () => client.stream?.destroy(), { once: true });
                client.stream.write(`${line}\n`);
              });
              answers.add(call, 1, { first: answer.split(' ', 1)[0] });
              duration.add(call, performance.now() - started);
              return { text: answer, at: new Date() };
            },
          },
        },
      },
    };
  },
};

/** Connects by the options of the test: hosts, block lists, TLS. */
async function open(call, client) {
  const stream = await call.connect({ host: client.host, port: client.port, timeoutMs: 5000 });
  call.onEnd(() => stream.destroy());
  let failure = new Error('the server closed the connection');
  stream.on('error', (error) => {
    failure = error;
  });
  stream.on('close', () => {
    client.stream = null;
    for (const { reject } of client.waiting.splice(0)) reject(failure);
  });
  createInterface({ input: stream }).on('line', (line) => client.waiting.shift()?.resolve(line));
  return stream;
}
