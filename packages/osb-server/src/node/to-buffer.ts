/** A body as a buffer, without a copy where it is bytes already. */
export function toBuffer(body: string | Uint8Array<ArrayBuffer>): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}
