import type { Use } from './use.ts';

/** The part of `CODE_USES` on Redis, SQL, MQTT and SSH. */
export const SERVICE_USES = {
  2000: {
    right: [
      'INCR on something that is no number',
      'A wrong number of arguments',
      'An unknown command: the server is too old',
    ],
    wrong: [
      { text: 'The key holds a list', instead: 2002 },
      { text: 'The user may not run the command', instead: 2001 },
      { text: 'The server is still loading', instead: 2003 },
    ],
  },
  2001: {
    right: [
      'No password, but requirepass is set',
      'The ACL forbids the command',
      'The password was changed during the test',
    ],
    wrong: [
      { text: 'The command itself is wrong', instead: 2000 },
      { text: 'The server takes no more clients', instead: 2004 },
      { text: 'The connection is refused', instead: 1212 },
    ],
  },
  2002: {
    right: [
      'LPUSH on a string',
      'HGET on a key that another part of the test uses as a set',
      'Keys from an earlier run',
    ],
    wrong: [
      { text: 'The value is no number', instead: 2000 },
      { text: 'The key is in another node', instead: 2005 },
      { text: 'The user may not touch the key', instead: 2001 },
    ],
  },
  2003: {
    right: [
      'The server loads its file after a restart',
      'A replica is asked to write: READONLY',
      'A Lua script runs for too long: BUSY',
    ],
    wrong: [
      { text: 'The key belongs to another node', instead: 2005 },
      { text: 'maxmemory is reached', instead: 2004 },
      { text: 'The server is not there', instead: 1212 },
    ],
  },
  2004: {
    right: [
      'maxmemory is reached, and nothing may be evicted',
      'maxclients is reached',
      'The disk is full, so writes stop: MISCONF',
    ],
    wrong: [
      { text: 'The server is loading', instead: 2003 },
      { text: 'The load generator has no more files', instead: 1217 },
      { text: 'The user is refused', instead: 2001 },
    ],
  },
  2005: {
    right: [
      'A client without `cluster` asks a node of a cluster',
      'MGET over keys of several slots',
      'Slots move while the test runs',
    ],
    wrong: [
      { text: 'The cluster is not whole: CLUSTERDOWN', instead: 2003 },
      { text: 'The command is wrong', instead: 2000 },
      { text: 'The node is not there', instead: 1212 },
    ],
  },
  2100: {
    right: ['Division by zero', 'A text where a number is due', 'A value that is too long for its column'],
    wrong: [
      { text: 'The table does not exist', instead: 2103 },
      { text: 'The key exists already', instead: 2102 },
      { text: 'The user is refused', instead: 2101 },
    ],
  },
  2101: {
    right: [
      'The password is wrong',
      'The database of the connection string does not exist',
      'The user may not write to the table',
    ],
    wrong: [
      { text: 'The server takes no more connections', instead: 2105 },
      { text: 'The server is not there', instead: 1212 },
      { text: 'The statement cannot be read', instead: 2103 },
    ],
  },
  2102: {
    right: [
      'Two virtual users insert the same key',
      'An order for a customer who does not exist',
      'A check forbids a negative amount',
    ],
    wrong: [
      { text: "Two transactions got in each other's way", instead: 2104 },
      { text: 'The value does not fit its type', instead: 2100 },
      { text: 'The column does not exist', instead: 2103 },
    ],
  },
  2103: {
    right: [
      'A table that setup() should have made',
      'A placeholder of another database: ? instead of $1',
      'A comma too many',
    ],
    wrong: [
      { text: 'The user has no right to the table', instead: 2101 },
      { text: 'A key exists twice', instead: 2102 },
      { text: 'A division by zero', instead: 2100 },
    ],
  },
  2104: {
    right: [
      'A deadlock: the database chose this transaction',
      'Serialisable transactions read what others wrote',
      'A SQLite file that another one has locked',
    ],
    wrong: [
      { text: 'The key exists already', instead: 2102 },
      { text: 'The statement took longer than it may', instead: 2100 },
      { text: 'The database is shutting down', instead: 2106 },
    ],
  },
  2105: {
    right: ['max_connections is reached', 'The disk is full', 'A statement needs more memory than there is'],
    wrong: [
      { text: 'The load generator has no more files', instead: 1217 },
      { text: 'The user may not connect', instead: 2101 },
      { text: 'The server is shutting down', instead: 2106 },
    ],
  },
  2106: {
    right: ['An administrator ended the session', 'The database restarts', 'A failover to another server'],
    wrong: [
      { text: 'The connection is refused', instead: 1212 },
      { text: 'The connection broke off without a word', instead: 1220 },
      { text: 'Too many connections', instead: 2105 },
    ],
  },
  2300: {
    right: ['The broker speaks only MQTT 5', 'An empty client_id with clean_session off', 'The broker is starting'],
    wrong: [
      { text: 'User or password are wrong', instead: 2301 },
      { text: 'The broker does not answer', instead: 2305 },
      { text: 'Nobody listens on the port', instead: 1212 },
    ],
  },
  2301: {
    right: ['The password is wrong', 'The access list does not know the client', 'A token in the password has expired'],
    wrong: [
      { text: 'The broker is not available', instead: 2300 },
      { text: 'The topic is forbidden, the user is not', instead: 2302 },
      { text: 'The TLS certificate of the client is refused', instead: 1322 },
    ],
  },
  2302: {
    right: [
      'The access list forbids the topic',
      'A wildcard where none is allowed',
      'The broker limits the subscriptions of a client',
    ],
    wrong: [
      { text: 'The user is refused', instead: 2301 },
      { text: 'No SUBACK came', instead: 2305 },
      { text: 'The broker hung up', instead: 2303 },
    ],
  },
  2303: {
    right: [
      'Another client has the same client_id',
      'The broker was restarted',
      'The broker refuses a publication by closing',
    ],
    wrong: [
      { text: 'No answer to a ping', instead: 2305 },
      { text: 'The broker refused CONNECT', instead: 2300 },
      { text: 'What came is no MQTT', instead: 2304 },
    ],
  },
  2304: {
    right: [
      'A web server on that port',
      'A broker that answers with MQTT 5 only',
      'A packet larger than the client takes',
    ],
    wrong: [
      { text: 'The broker closes the connection', instead: 2303 },
      { text: 'TLS on a port without TLS', instead: 1301 },
      { text: 'The broker refuses with a code', instead: 2300 },
    ],
  },
  2305: {
    right: [
      'The broker is busy, and CONNACK does not come',
      'QoS 1 without PUBACK for half a minute',
      'A ping without an answer: the network is gone',
    ],
    wrong: [
      { text: 'The broker closed', instead: 2303 },
      { text: 'No connection came about', instead: 1211 },
      { text: 'The broker says that it is not available', instead: 2300 },
    ],
  },
  2400: {
    right: [
      'Both sides have no algorithm in common',
      'A packet that cannot be decrypted',
      'The server disconnects and gives a reason',
    ],
    wrong: [
      { text: 'The connection just ended', instead: 2403 },
      { text: 'User or key are refused', instead: 2401 },
      { text: 'The host key is another one', instead: 2402 },
    ],
  },
  2401: {
    right: ['The key is not in authorized_keys', 'The password is wrong', 'The server takes only keys'],
    wrong: [
      { text: 'The server wants no session', instead: 2405 },
      { text: 'The host key is another one', instead: 2402 },
      { text: 'The connection ended during the handshake', instead: 2403 },
    ],
  },
  2402: {
    right: ['The server was set up anew', 'The name leads to another machine', 'Somebody sits between'],
    wrong: [
      { text: "The user's key is refused", instead: 2401 },
      { text: 'No algorithm in common', instead: 2400 },
      { text: 'The certificate of TLS is for another name', instead: 1311 },
    ],
  },
  2403: {
    right: [
      'The server was restarted',
      'MaxStartups is reached: the server closes at once',
      'The machine went down while a command ran',
    ],
    wrong: [
      { text: 'The server gives a reason', instead: 2400 },
      { text: 'The command took too long', instead: 2404 },
      { text: 'Nobody listens on the port', instead: 1212 },
    ],
  },
  2404: {
    right: [
      'A command waits for input',
      "The server looks up the client's name, and DNS is slow",
      'The machine is overloaded',
    ],
    wrong: [
      { text: 'The connection broke off', instead: 2403 },
      { text: 'No connection came about', instead: 1211 },
      { text: 'The server refuses the command', instead: 2405 },
    ],
  },
  2405: {
    right: ['MaxSessions is reached', 'ForceCommand allows one command only', "The user's shell is not there"],
    wrong: [
      { text: 'The user is refused', instead: 2401 },
      { text: 'The server disconnects and gives a reason', instead: 2400 },
      { text: 'The command did not end', instead: 2404 },
    ],
  },
} as const satisfies Readonly<Record<number, Use>>;
