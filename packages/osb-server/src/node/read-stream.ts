import { isUtf8 } from 'node:buffer'
import type { Readable } from 'node:stream'
import { OsbError } from '../errors.js'

/** How much of a body that is too long is read and dropped, as a multiple of the limit, before the connection ends. */
const drainFactor = 8

/**
 * Reads a request body. One that is too long is refused at once but read on for a while, since a client that is still
 * writing when the connection ends may never read the answer.
 * @throws {OsbError} 413 over the limit, 400 when the client went away before the end
 */
export function readStream(stream: Readable, limitBytes: number): Promise<Uint8Array | string> {
  return new Promise((resolve, reject) => {
    let isWhole = false
    // Every stream is closed some time; an error made for that, with its stack, would cost as much as the parsing.
    const cutShort = () => isWhole || reject(OsbError.badRequest('The body ended before it was complete.'))
    // The client went away while its login was checked, say; there will be no event any more.
    if (stream.destroyed) return cutShort()
    const parts: Buffer[] = []
    let length = 0
    stream.on('data', (part: Buffer) => {
      length += part.length
      if (length <= limitBytes) parts.push(part)
      else if (length <= limitBytes * drainFactor) reject(OsbError.payloadTooLarge(limitBytes))
      else stream.destroy()
    })
    stream.on('end', () => {
      isWhole = true
      resolve(toText(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)))
    })
    stream.on('error', cutShort)
    stream.on('close', cutShort)
  })
}

/** Node checks and decodes faster than a `TextDecoder` does; what is no UTF-8 is left for the broker to refuse. */
function toText(bytes: Buffer): Buffer | string {
  return isUtf8(bytes) ? bytes.toString() : bytes
}
