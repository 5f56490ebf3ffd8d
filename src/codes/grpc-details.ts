/** Who, other than the application, may end a call with a status. */
export type GrpcLibrary = 'client' | 'server';

/** What a gRPC status means in full. `GrpcStatus` has it in a sentence. */
export interface GrpcDetails {
  /** Paragraphs. */
  readonly meaning: readonly string[];
  /** Libraries that make the status by themselves; none where only an application can know that it applies. */
  readonly madeBy: readonly GrpcLibrary[];
  /** When a library makes it; says so where none does. */
  readonly fromLibrary: string;
  /** Situations in which it is the right status. */
  readonly right: readonly [string, string, string];
  /** Situations in which another one is. */
  readonly wrong: readonly [GrpcMisuse, GrpcMisuse, GrpcMisuse];
}

export interface GrpcMisuse {
  readonly text: string;
  /** The status that is right there. */
  readonly instead: number;
}

/** What is said of the statuses that no library makes: INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED, OUT_OF_RANGE, DATA_LOSS. */
const ONLY_APPLICATIONS = 'Never: it takes knowledge of the application to say this.';

/**
 * By status.
 * Sources: the gRPC status code documentation, including its list of what libraries produce; google.rpc.Code.
 */
export const GRPC_DETAILS = {
  0: {
    meaning: [
      'The call did what it was asked to. The status travels in the trailers, behind the last message: a stream that ends without any `grpc-status` has not ended with OK, however many messages came before.',
      'OK is about the call, not about its content. A service that packs its errors into replies and ends every call with OK takes from clients, proxies and monitoring what they go by.',
    ],
    madeBy: ['server'],
    fromLibrary: 'When a handler returns without an error, the server library sends OK for it.',
    right: [
      'A search that finds nothing: the list is empty',
      'A delete of something that is gone already, where deleting is idempotent by contract',
      'A long job was accepted, and the reply says where to ask for its result',
    ],
    wrong: [
      { text: 'A reply with `success: false` in it', instead: 13 },
      { text: 'A batch of which nothing could be stored, because the disk is full', instead: 8 },
      { text: 'A get by id that answers with an empty message for want of an entity', instead: 5 },
    ],
  },
  1: {
    meaning: [
      'Somebody decided that the answer is not wanted any more, and that somebody is nearly always the caller: it closed the stream, left the page, or its own caller cancelled and it passed that on.',
      'Cancelling is a request, not a guarantee. The server may have done all of the work, or part of it, before it heard of it; and a client that cancels sees CANCELLED at once, without waiting for what the server makes of it.',
      'A deadline that passes is not this: it is DEADLINE_EXCEEDED, at least on the side whose clock ran out first.',
    ],
    madeBy: ['client', 'server'],
    fromLibrary: 'When the caller cancels, or the stream is reset with the HTTP/2 error CANCEL.',
    right: [
      'The user closed the dialog, and the client gave up the call',
      'A server stops a stream because its own caller hung up',
      'Of two hedged calls the slower one is given up',
    ],
    wrong: [
      { text: 'The time that the caller had given it was over', instead: 4 },
      { text: 'The server shuts down and ends what is running', instead: 14 },
      { text: 'A customer cancels an order that has been shipped', instead: 9 },
    ],
  },
  2: {
    meaning: [
      'An error came from somewhere that says too little: from another error space whose codes nobody translated, or from code that threw something which is no status.',
      'It is the status of missing care. In most libraries an exception that leaves a handler turns into UNKNOWN, so a service that shows many of them has an error path nobody mapped.',
      'A client makes it too, of an answer that is not gRPC: an HTTP status that the mapping does not name, or a `grpc-status` that is no number it knows.',
    ],
    madeBy: ['client', 'server'],
    fromLibrary:
      'Server: a handler threw something that is no status. Client: the answer had no `grpc-status`, and its HTTP status stands for nothing else.',
    right: [
      'A status of another system that has no counterpart here',
      'An exception that no handler expected, seen from outside',
      'A proxy answered with HTTP 418',
    ],
    wrong: [
      { text: 'The handler knows that its own invariant is broken', instead: 13 },
      { text: 'The database behind it refuses connections', instead: 14 },
      { text: 'A validation library threw', instead: 3 },
    ],
  },
  3: {
    meaning: [
      'The request itself is wrong, whatever the state of the system is: a field is missing, an address is no address, a name has characters that names do not have. Sent again tomorrow it is just as wrong.',
      'That is the border to FAILED_PRECONDITION, where the same request would have been fine in another state, and to OUT_OF_RANGE, where a position is outside of what there is *now*. A read at offset −1 is INVALID_ARGUMENT, one past the present end of a file OUT_OF_RANGE.',
      'Name the field in the details (`google.rpc.BadRequest`), so that a client can show it beside the input.',
    ],
    madeBy: [],
    fromLibrary: ONLY_APPLICATIONS,
    right: ['A quantity of −2', 'An e-mail address without an @', 'Two fields that exclude each other are both set'],
    wrong: [
      { text: 'The id is well formed, but nothing has it', instead: 5 },
      { text: 'The order cannot be changed since it has been shipped', instead: 9 },
      { text: 'Page 12 was asked for, and there are 11', instead: 11 },
    ],
  },
  4: {
    meaning: [
      'The deadline of the call passed before it had ended. Deadlines travel with the call (`grpc-timeout`), so client and server both know when it is over, and either may be the one that says so.',
      'It does not say that nothing was done. A change of state may have been completed and only its answer came too late; the client cannot know. So a retry is safe only where doing it twice does no harm.',
      'One slow call means little. Many at once mean that the server queues: the load is over what it can do, and each retry adds to it.',
    ],
    madeBy: ['client', 'server'],
    fromLibrary: 'Either side, when its clock passes the deadline; the other may still see something else.',
    right: [
      'The reply did not come within the 2 s of the call',
      'A server gives up work whose caller has stopped waiting',
      'A call to a service behind it took what was left of the time',
    ],
    wrong: [
      { text: 'The caller hung up of its own accord', instead: 1 },
      { text: 'No connection came about', instead: 14 },
      { text: 'A lock was not had within its time, with the deadline far away', instead: 10 },
    ],
  },
  5: {
    meaning: [
      'The entity that the request names is not there: a file, an order, a user. The method was found and has run; had it not been, the status would be UNIMPLEMENTED.',
      'It may also hide something. Where a whole class of users is not to know that a thing exists – a feature that is not switched on for them, a list of those allowed – NOT_FOUND is right. Where one user of a class may see it and another may not, it is PERMISSION_DENIED.',
    ],
    madeBy: [],
    fromLibrary: ONLY_APPLICATIONS,
    right: [
      'A get by an id that nothing has',
      'A topic to publish to that was never created',
      'A feature that is not yet switched on for any customer of this plan',
    ],
    wrong: [
      { text: 'The method name has a typing error', instead: 12 },
      { text: 'A search without a hit', instead: 0 },
      { text: 'The document exists, and this colleague may not open it', instead: 7 },
    ],
  },
  6: {
    meaning: [
      'The entity that the call was to create is there already. It is a statement about identity: the same name, key or number, not a similar thing.',
      'After a timeout it can be good news: the first try did the work, and only its answer was lost. A client that sends an id of its own making with each creation can take ALREADY_EXISTS of a retry for success.',
    ],
    madeBy: [],
    fromLibrary: ONLY_APPLICATIONS,
    right: [
      'A user name that is taken',
      'A bucket of that name exists in this project',
      'A second creation with the same request id, where the first has been completed',
    ],
    wrong: [
      { text: 'Two writers changed the same row at once', instead: 10 },
      { text: 'An update of an entity that has been changed since it was read', instead: 10 },
      { text: 'A directory to remove still holds files', instead: 9 },
    ],
  },
  7: {
    meaning: [
      'The caller is known and may not do this. Other credentials of the same caller will not help; other rights would.',
      'Two neighbours are easily taken for it. Who cannot be identified at all is UNAUTHENTICATED. Who has used up a quota is RESOURCE_EXHAUSTED: that passes, this does not.',
      'It does not say that the entity exists, or that the request would be valid otherwise. Where even the existence is a secret, see NOT_FOUND.',
    ],
    madeBy: ['client'],
    fromLibrary:
      'Client: of an answer without `grpc-status` and with HTTP 403, or a stream reset with INADEQUATE_SECURITY.',
    right: [
      'A reader tries to write',
      'A service account without the role that the method asks for',
      'A user opens a document that is shared with others only',
    ],
    wrong: [
      { text: 'The token has expired', instead: 16 },
      { text: 'The 1,000 calls of the day are used up', instead: 8 },
      { text: 'The account has to confirm its address first', instead: 9 },
    ],
  },
  8: {
    meaning: [
      'Something that there is a limited amount of is used up: a quota of this caller, a rate, the memory or disk of the server, a pool.',
      'Libraries give it to messages over the size limit, 4 MiB by default when receiving. That one is not cured by waiting: a message that is too large stays too large.',
      'A server that is overloaded as a whole and sheds load says UNAVAILABLE, so that clients go elsewhere; one whose *caller* is over a limit says RESOURCE_EXHAUSTED. A `RetryInfo` in the details says how long to wait.',
    ],
    madeBy: ['client', 'server'],
    fromLibrary: 'Either side, for a message over its limit; client: a stream reset with ENHANCE_YOUR_CALM.',
    right: [
      'The quota of this project for today is used up',
      'The disk that uploads go to is full',
      'A reply of 6 MiB meets a client that takes 4',
    ],
    wrong: [
      { text: 'The whole server is overloaded, another replica would do', instead: 14 },
      { text: 'The plan of this account has no such feature', instead: 7 },
      { text: 'The account still has unpaid invoices', instead: 9 },
    ],
  },
  9: {
    meaning: [
      'The request is fine, the system is not in the state that it needs. Somebody – the caller, an operator, a user – has to change that state on purpose; until then each retry fails the same way.',
      'This is the litmus test: UNAVAILABLE where repeating just this call can work, ABORTED where the client should begin a whole sequence again, FAILED_PRECONDITION where nothing helps but fixing the state.',
      'Where the state is a position in something that the client walks through, OUT_OF_RANGE says it more precisely.',
    ],
    madeBy: [],
    fromLibrary: ONLY_APPLICATIONS,
    right: [
      'Removing a directory that is not empty',
      'Cancelling an order that has been shipped',
      'A conditional delete whose condition (an ETag) does not hold',
    ],
    wrong: [
      { text: 'A field that is missing', instead: 3 },
      { text: 'Two transactions met', instead: 10 },
      { text: 'The server behind it is still starting', instead: 14 },
    ],
  },
  10: {
    meaning: [
      'The call lost a race: a transaction was rolled back, a sequence number did not fit, an optimistic lock found another version. Nothing is broken and nobody has to fix anything.',
      'But the failed call alone must not be sent again, for what it was based on is out of date. The client begins at a higher level: read, decide, write.',
      'It grows with load by nature: with twice as many writers on one row there are more than twice as many conflicts.',
    ],
    madeBy: [],
    fromLibrary: ONLY_APPLICATIONS,
    right: [
      'A transaction was rolled back as the victim of a deadlock',
      'A write with version 7, and the row has version 8',
      'A compare-and-set that found another value',
    ],
    wrong: [
      { text: 'The condition that the client stated can never hold in this state', instead: 9 },
      { text: 'The leader of the cluster is being elected', instead: 14 },
      { text: 'The caller closed the stream', instead: 1 },
    ],
  },
  11: {
    meaning: [
      'The request went past the valid range: it seeks or reads behind the end. Unlike INVALID_ARGUMENT it is about the state: when the file has grown, the same call is right.',
      'It overlaps with FAILED_PRECONDITION and is to be preferred where both fit, because a client that iterates through a space can tell by OUT_OF_RANGE alone that it is done.',
    ],
    madeBy: [],
    fromLibrary: ONLY_APPLICATIONS,
    right: [
      'Reading at offset 5,000 of a file of 4,096 bytes',
      'An event log asked for entries after its newest one',
      'A page number behind the last page',
    ],
    wrong: [
      { text: 'A negative offset', instead: 3 },
      { text: 'A percentage of 140', instead: 3 },
      { text: 'The log has not been opened yet', instead: 9 },
    ],
  },
  12: {
    meaning: [
      'This server does not have the operation: the service or method is not registered, not switched on, or not supported in this deployment.',
      'Libraries give it to a path that nobody serves, so it is the 404 of gRPC. An answer of a proxy with HTTP 404 is read as UNIMPLEMENTED too, for what was not found is the method.',
      'An entity that does not exist is NOT_FOUND, never this.',
    ],
    madeBy: ['client', 'server'],
    fromLibrary:
      'Server: an unknown service or method, or a compression that it does not know. Client: an answer without `grpc-status` and with HTTP 404.',
    right: [
      'A method of version 2 called on a server of version 1',
      'An optional method that this backend does not offer',
      'A message compressed in a way that the server does not know',
    ],
    wrong: [
      { text: 'The order with this number does not exist', instead: 5 },
      { text: 'The method exists, and this caller may not use it', instead: 7 },
      { text: 'The method is down for maintenance', instead: 14 },
    ],
  },
  13: {
    meaning: [
      'Something that must always hold does not: a bug, a data structure that contradicts itself, an answer of a subsystem that makes no sense. It is meant for serious faults, and somebody should look at each.',
      'Libraries use it for what breaks the protocol: a message that cannot be decoded or decompressed, a stream that ends without trailers, one that is reset with PROTOCOL_ERROR, an answer with HTTP 400.',
    ],
    madeBy: ['client', 'server'],
    fromLibrary:
      'Either side: a message that cannot be read. Client: a stream that ended without trailers, most resets, an answer with HTTP 400.',
    right: [
      'An order whose total is not the sum of its items',
      'A reply that cannot be decoded with the schema in use',
      'A code path that should not be reachable was reached',
    ],
    wrong: [
      { text: 'The database cannot be reached for a moment', instead: 14 },
      { text: 'The request has a wrong field, and the parser threw', instead: 3 },
      { text: 'Blocks on disk have wrong checksums and no copy is left', instead: 15 },
    ],
  },
  14: {
    meaning: [
      'The service cannot be had at the moment, most likely for a short time. Repeating just this call, after a pause that grows, is the right answer.',
      'It is the status of everything that happens below the call: no connection, a connection that broke, a server that shuts down, a proxy that answers 502, 503, 504 or 429. So ask first *who* said it: Sixfold gives 1814 only where the server itself sent the status; a refused connection is 1212 with the same status.',
      'Repeating is not always safe. Where data had been sent before the connection broke, the server may have acted on it: a call that is not idempotent needs a key by which the server knows it again.',
    ],
    madeBy: ['client', 'server'],
    fromLibrary:
      'Client: no connection, a connection that broke, an answer with HTTP 429, 502, 503 or 504, REFUSED_STREAM. Server: it is shutting down.',
    right: [
      'The server sheds load',
      'A replica is starting and not ready yet',
      'The connection to the store behind it broke',
    ],
    wrong: [
      { text: 'The transaction has to be done again as a whole', instead: 10 },
      { text: 'An operator has to switch the account on', instead: 9 },
      { text: 'The quota of this caller is used up', instead: 8 },
    ],
  },
  15: {
    meaning: [
      'Data is lost or damaged and cannot be restored. It is the gravest of the seventeen: no retry, no other replica, no fix of the request brings it back.',
      'Because people are woken for it, it must not be used for anything that can be repaired: a checksum that fails on one of three copies is not it.',
    ],
    madeBy: [],
    fromLibrary: ONLY_APPLICATIONS,
    right: [
      'All replicas of a block have wrong checksums',
      'An upload that was acknowledged is not on disk',
      'A backup to be restored turns out to be damaged',
    ],
    wrong: [
      { text: 'A message arrived damaged, and can be sent again', instead: 14 },
      { text: 'A reply cannot be decoded', instead: 13 },
      { text: 'A page token has expired', instead: 3 },
    ],
  },
  16: {
    meaning: [
      'It is not known who calls: there are no credentials, or they have expired, are damaged, or were made for another audience. With valid ones the same call may work.',
      'It corresponds to HTTP 401, whose name Unauthorized says the opposite of what it means. Someone who is known and may not is PERMISSION_DENIED.',
      'In a load test it often begins at one moment for all: the token that `setup()` fetched has run out.',
    ],
    madeBy: ['client', 'server'],
    fromLibrary:
      'Client: the credentials could not be fetched, or an answer with HTTP 401. Server: credentials in the metadata that an authentication plug-in refuses.',
    right: [
      'No token in the metadata',
      'A token that expired five minutes ago',
      'A client certificate that belongs to no known account',
    ],
    wrong: [
      { text: 'The token is valid, and lacks the scope', instead: 7 },
      { text: 'The server that checks tokens cannot be reached', instead: 14 },
      { text: 'Too many attempts to log in', instead: 8 },
    ],
  },
} as const satisfies Readonly<Record<number, GrpcDetails>>;

/** 0–16. */
export type GrpcNumber = keyof typeof GRPC_DETAILS;
