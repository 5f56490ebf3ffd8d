/** A question of a litmus test, and the status that a "yes" leads to. */
export interface LitmusQuestion {
  readonly question: string;
  /** A gRPC status (0–16) or an HTTP status, by the group's protocol. */
  readonly status: number;
}

/** Statuses that are mixed up, and the questions that tell them apart: asked in order, the first "yes" decides. */
export interface LitmusGroup {
  readonly protocol: 'grpc' | 'http';
  readonly title: string;
  readonly questions: readonly LitmusQuestion[];
}

/**
 * All litmus tests, by name.
 * Sources: the gRPC status code documentation; RFC 9110, section 15.
 */
export const LITMUS_GROUPS = {
  retry: {
    protocol: 'grpc',
    title: 'What has to happen before it can work?',
    questions: [
      { question: 'Can the client repeat just this call, after a pause?', status: 14 },
      { question: 'Must it begin the whole sequence again, from its first read?', status: 10 },
      { question: 'Has it come to the end of something that it walks through?', status: 11 },
      { question: 'Must somebody put the state right before any retry makes sense?', status: 9 },
    ],
  },
  argument: {
    protocol: 'grpc',
    title: 'Is it the argument or the state?',
    questions: [
      { question: 'Would the argument be wrong in every state of the system?', status: 3 },
      { question: 'Is it a position that lies outside of what there is now, and may lie inside later?', status: 11 },
      { question: 'Is the argument fine, but the system in a state that does not allow it?', status: 9 },
    ],
  },
  access: {
    protocol: 'grpc',
    title: 'Who is refused, and why?',
    questions: [
      { question: 'Is it not known who calls: no credentials, or credentials that do not hold?', status: 16 },
      { question: "Is the caller's quota, or a resource of the system, used up?", status: 8 },
      { question: 'Is a whole class of users kept from knowing that this exists?', status: 5 },
      { question: 'Is it this caller who may not, while others of the same class may?', status: 7 },
    ],
  },
  absence: {
    protocol: 'grpc',
    title: 'What is it that is not there?',
    questions: [
      { question: 'The method or the service?', status: 12 },
      { question: 'The entity that the request names?', status: 5 },
      { question: 'The opposite: is the entity to be created there already?', status: 6 },
    ],
  },
  ending: {
    protocol: 'grpc',
    title: 'Who ended the call?',
    questions: [
      { question: 'Did the time run out that the caller had given it?', status: 4 },
      { question: 'Did somebody decide that the answer is not wanted any more?', status: 1 },
    ],
  },
  fault: {
    protocol: 'grpc',
    title: 'What kind of fault is it?',
    questions: [
      { question: 'Is stored data lost or damaged, beyond repair?', status: 15 },
      { question: 'Is something broken that should always hold: a bug, a message that cannot be read?', status: 13 },
      { question: 'Is too little known about the error to say more?', status: 2 },
    ],
  },
  'http-content': {
    protocol: 'http',
    title: 'What is wrong with the request?',
    questions: [
      { question: 'Is it not possible to read it: syntax, framing, a header?', status: 400 },
      { question: 'Is the format of the body one that this endpoint does not take?', status: 415 },
      { question: 'Can it be read, but breaks a rule of its content?', status: 422 },
    ],
  },
  'http-access': {
    protocol: 'http',
    title: 'May the caller see this?',
    questions: [
      { question: 'Would other credentials, or any at all, help?', status: 401 },
      { question: 'Is it to stay hidden that there is something at all?', status: 404 },
      { question: 'Is the caller known, and refused?', status: 403 },
    ],
  },
  'http-conflict': {
    protocol: 'http',
    title: 'What does the request collide with?',
    questions: [
      { question: 'Did the client state a condition (If-Match), and it does not hold?', status: 412 },
      { question: 'Should the client have stated a condition, but did not?', status: 428 },
      { question: 'Does the request contradict the present state of the resource?', status: 409 },
    ],
  },
  'http-gateway': {
    protocol: 'http',
    title: 'Where in the chain did it fail?',
    questions: [
      { question: 'Did a gateway get no valid answer from the server behind it?', status: 502 },
      { question: 'Did a gateway get no answer in time?', status: 504 },
      { question: 'Does somebody refuse for now, because of overload or maintenance?', status: 503 },
      { question: 'Did the application itself fail?', status: 500 },
    ],
  },
  'http-gone': {
    protocol: 'http',
    title: 'What is not there?',
    questions: [
      { question: 'Is the path right, but not with this method?', status: 405 },
      { question: 'Was it there, and is gone for good?', status: 410 },
      { question: 'Is nothing there, or nothing that may be shown?', status: 404 },
    ],
  },
  'http-redirect': {
    protocol: 'http',
    title: 'Which redirect?',
    questions: [
      { question: 'For good, and the method must stay what it was?', status: 308 },
      { question: 'For good, and a POST may become a GET?', status: 301 },
      { question: 'For now, and the method must stay what it was?', status: 307 },
      { question: 'Is the result of a POST to be fetched with a GET?', status: 303 },
      { question: 'For now, and a POST may become a GET?', status: 302 },
    ],
  },
} as const satisfies Readonly<Record<string, LitmusGroup>>;

/** The name of a litmus test. */
export type LitmusName = keyof typeof LITMUS_GROUPS;

/**
 * The litmus tests that a status takes part in.
 * @param status of gRPC (0–16) or of HTTP
 */
export function litmusFor(protocol: 'grpc' | 'http', status: number): readonly LitmusName[] {
  return (Object.keys(LITMUS_GROUPS) as LitmusName[]).filter(
    (name) =>
      LITMUS_GROUPS[name].protocol === protocol &&
      LITMUS_GROUPS[name].questions.some((question) => question.status === status),
  );
}
