// Where `sixfold demo --serve --port 8800` listens.

const FIRST = 8800;

/** Ports by what they are for; `broken` is the first of those that fail by themselves. */
export const PORT = { broken: FIRST + 4, fullQueue: FIRST + 13, names: FIRST + 14, protocols: FIRST + 15 } as const;

export const HTTP = `http://127.0.0.1:${FIRST}`;
export const HTTPS = `https://127.0.0.1:${FIRST + 1}`;
export const GRPC = `127.0.0.1:${FIRST + 2}`;
export const SOCKET = `ws://127.0.0.1:${FIRST}`;
/** A handshake without an answer. */
export const SILENT = `127.0.0.1:${FIRST + 10}`;
export const FULL_QUEUE = `127.0.0.1:${PORT.fullQueue}`;
/** Of names. */
export const NAMES = `127.0.0.1:${PORT.names}`;
/** Redis, MQTT, PostgreSQL and SSH. */
export const PROTOCOLS = `127.0.0.1:${PORT.protocols}`;
