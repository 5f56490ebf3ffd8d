// The three ways in which a message fails, which a caller answers differently.

/** The script's value does not fit the message type; the text is the one of k6 (protojson). */
export class ProtoJsonError extends Error {
  override readonly name = 'ProtoJsonError';
}

/** The bytes are no message of the type: the call fails with INTERNAL. */
export class ProtoDecodeError extends Error {
  override readonly name = 'ProtoDecodeError';
}

/** The message has no JSON form, as an Any of an unknown type. */
export class ProtoFormError extends Error {
  override readonly name = 'ProtoFormError';
}
