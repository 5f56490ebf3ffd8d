/** The bits of the number that ends a series (prometheus/model/value). */
export const STALE_NAN = 0x7ff0000000000002n;
