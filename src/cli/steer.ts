// `sixfold status|stats|pause|resume|scale|stop`: a running test steered from another terminal, over its REST API.
import { type Command, InvalidArgumentError } from 'commander';
import { parseApiAddress, showApiAddress } from '../control/api-address.ts';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { Flag } from './flags/flag.ts';
import { FlagReader } from './flags/flag-reader.ts';
import { FLAGS } from './flags/flag-table.ts';
import { addNotes, type Example } from './help-page.ts';
import { renderYaml } from './yaml.ts';

interface Client {
  readonly root: string;
  readonly token: string | null;
}

interface ApiAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly detail: string }[];
}

const DEFAULT_ADDRESS = 'localhost:6565';

interface Steering {
  readonly description: string;
  readonly examples: readonly Example[];
  run(api: Client, flags: Flags): Promise<unknown>;
}

const STEERING = {
  status: {
    description: 'print the state of a running test',
    examples: [
      [
        'sixfold status --address localhost:6565',
        'virtual users, whether it is paused, whether a threshold is crossed',
      ],
    ],
    run: (api: Client) => showStatus(api, 'GET'),
  },
  stats: {
    description: 'print the metrics of a running test',
    examples: [['sixfold stats', 'as they are now']],
    run: showStats,
  },
  pause: {
    description: 'let the scenarios of a running test stand still',
    examples: [['sixfold pause', 'what was due comes later by the length of the pause']],
    run: (api: Client) => showStatus(api, 'POST', '/v1/pause'),
  },
  resume: {
    description: 'let a paused test go on, or start',
    examples: [['sixfold resume', 'also starts a test of --paused']],
    run: (api: Client) => showStatus(api, 'POST', '/v1/resume'),
  },
  scale: {
    description: 'change the virtual users of an externally controlled scenario',
    examples: [['sixfold scale --vus 50 --max 100', '50 virtual users now, 100 at most']],
    run: scale,
  },
  stop: {
    description: 'end a running test: teardown and the summary still come, its exit code is 103',
    examples: [['sixfold stop', 'asks for the end, and does not wait for it']],
    run: (api: Client) => showStatus(api, 'PATCH', '/v1/status', { stopped: true }),
  },
} as const satisfies Record<string, Steering>;

export type SteeringCommand = keyof typeof STEERING;

interface Flags {
  readonly vus?: number;
  readonly max?: number;
}

/** Adds one of the commands to the program. */
export function registerSteering(program: Command, name: SteeringCommand): void {
  const { description, run, examples } = STEERING[name];
  const command = program.command(name).description(description);
  if (name === 'scale') {
    command
      .option('-u, --vus <number>', 'virtual users that loop', readCount)
      .option('-m, --max <number>', 'the most that there may be', readCount);
  }
  command.addOption(
    new Flag({
      ...FLAGS.address,
      means: 'where the REST API of the test listens',
      defaultText: DEFAULT_ADDRESS,
    }),
  );
  addNotes(command, {
    examples,
    remark: 'The test has to be started with --address. Its token, if it has one, is taken from SIXFOLD_API_TOKEN.',
  });
  command.action(async (flags: Flags) => {
    const { env } = process;
    const address = parseApiAddress(new FlagReader(command, env).text('address') ?? DEFAULT_ADDRESS);
    const api = {
      root: `http://${showApiAddress({ ...address, host: address.host || 'localhost' })}`,
      token: env['SIXFOLD_API_TOKEN'] || null,
    };
    process.stdout.write(renderYaml(await run(api, flags)));
  });
}

function readCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('it must be a whole number from 0 on');
  return Number(text);
}

async function showStatus(api: Client, method: string, path = '/v1/status', attributes?: object): Promise<unknown> {
  const body = attributes && { data: { type: 'status', id: 'default', attributes } };
  const data = (await call(api, method, path, body)) as { attributes: unknown };
  return data.attributes;
}

async function showStats(api: Client): Promise<unknown> {
  const data = (await call(api, 'GET', '/v1/metrics')) as { id: string; attributes: object }[];
  return data.map(({ id, attributes }) => ({ name: id, ...attributes }));
}

function scale(api: Client, { vus, max }: Flags): Promise<unknown> {
  if (vus === undefined && max === undefined)
    throw new ExitError(EXIT.other, 'say what to change: --vus, --max or both, as in sixfold scale --vus 50 --max 100');
  return showStatus(api, 'PATCH', '/v1/status', {
    ...(vus !== undefined && { vus }),
    ...(max !== undefined && { 'vus-max': max }),
  });
}

/** @returns the `data` of the answer @throws ExitError 255 with what the API says is wrong, or where there is none */
async function call({ root, token }: Client, method: string, path: string, body?: object): Promise<unknown> {
  let answer: ApiAnswer;
  try {
    const response = await fetch(`${root}${path}`, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    answer = (await response.json()) as ApiAnswer;
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    throw new ExitError(
      EXIT.other,
      `there is no REST API at ${root} (${cause?.message || message}): start the test with --address, or say where it is with --address`,
    );
  }
  const [problem] = answer.errors ?? [];
  if (problem) throw new ExitError(EXIT.other, problem.detail);
  return answer.data;
}
