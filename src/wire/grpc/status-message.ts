/**
 * Decodes `grpc-message`: percent-encoded octets, then UTF-8. A broken escape stands for itself (gRPC over HTTP/2,
 * "Status-Message": never an error).
 */
export function decodeStatusMessage(text: string): string {
  if (!text.includes('%') && /^[\x00-\x7f]*$/.test(text)) return text;
  const bytes = Buffer.from(text, 'latin1');
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const octet = bytes[at]!;
    if (octet === 0x25 && /^[0-9a-fA-F]{2}$/.test(text.slice(at + 1, at + 3))) {
      bytes[length++] = Number.parseInt(text.slice(at + 1, at + 3), 16);
      at += 2;
    } else bytes[length++] = octet;
  }
  return bytes.toString('utf8', 0, length);
}
