// What a deployment of agents is to be: how many, where they find NATS, what each may take.

/** Of an agent that makes no load yet, in MB: the program, its modules and the process of the load. */
const BASE_MB = 150;
/** Of a virtual user with a small script, in kB. */
const VU_KB = 25;
/** What a container may take beyond what it asks for, before it is ended. */
const HEADROOM = 2;

export interface AgentPlan {
  /** Of everything that is made. */
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly agents: number;
  readonly nats: string;
  /** A secret with the files of `sixfold cluster creds` for agents; null: NATS lets in anybody. */
  readonly secret: string | null;
  /** Public key that tests have to be signed with; null: any test is run. */
  readonly trust: string | null;
  readonly group: string;
  /** Cores of each. */
  readonly cpus: number;
  /** MB of each. */
  readonly memoryMb: number;
  /** Whether they wait for test after test, rather than end with the first. */
  readonly stays: boolean;
}

/**
 * @param vus the most virtual users of the whole test
 * @returns what one of so many agents asks for, in MB
 */
export function memoryFor(vus: number, agents: number): number {
  return Math.ceil(BASE_MB + (Math.ceil(vus / agents) * VU_KB) / 1024);
}

/** @returns MB above which a container is ended */
export function memoryLimit({ memoryMb }: Pick<AgentPlan, 'memoryMb'>): number {
  return memoryMb * HEADROOM;
}

/** Flags of `sixfold agent`. @param folder where the files of the secret are */
export function agentFlags({ nats, secret, trust, group, stays }: AgentPlan, folder: string): string[] {
  return [
    'agent',
    '--nats',
    nats,
    ...(secret === null ? [] : ['--nats-creds', `${folder}/agents.nk`]),
    ...(trust === null ? [] : ['--trust', trust]),
    '--group',
    group,
    ...(stays ? [] : ['--once']),
  ];
}
