// What the parts of a distributed run call each other by, on NATS.

/** Everybody who could take part in a run answers. */
export const FIND = 'sixfold.agents.find';
/** The bucket of the object store in which runs keep what is too large for messages. */
export const BUCKET = 'sixfold';

/** Addresses of one agent. @param id without dots */
export function agentSubjects(id: string) {
  return {
    claim: `sixfold.agent.${id}.claim`,
    ping: `sixfold.agent.${id}.ping`,
    release: `sixfold.agent.${id}.release`,
  } as const;
}

/** Addresses of one run. @param run without dots */
export function runSubjects(run: string) {
  const root = `sixfold.run.${run}`;
  return {
    /** Decisions, recorded. */
    commands: `${root}.cmd`,
    /** What agents answer, and what they have measured, recorded. */
    events: (agent: string) => `${root}.evt.${agent}`,
    reports: (agent: string) => `${root}.rep.${agent}`,
    /** Decisions, told once they are recorded. */
    told: `${root}.do`,
    /** Questions of agents to who leads. */
    questions: `${root}.ask`,
    /** Signs of life. */
    beat: (agent: string) => `${root}.beat.${agent}`,
    beats: `${root}.beat.*`,
    lead: `${root}.lead`,
  } as const;
}

/** The stream that holds what is recorded of a run. */
export function streamOf(run: string): string {
  return `SIXFOLD_RUN_${run}`;
}

/** @returns the run of a stream; null: it is no run's */
export function runOfStream(stream: string): string | null {
  return /^SIXFOLD_RUN_(\w+)$/.exec(stream)?.[1] ?? null;
}

/** Names of a run's objects in the bucket. */
export function objectsOf(run: string) {
  return {
    archive: `${run}/archive`,
    /** What a coordinator needs to know to lead the run. */
    plan: `${run}/plan`,
    /** Setup data that is too large for a message. */
    setup: (step: number) => `${run}/setup/${step}`,
  } as const;
}
