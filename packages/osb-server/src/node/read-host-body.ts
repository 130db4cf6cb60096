import type { Readable } from 'node:stream'
import type { ParsedBody } from '../wire/wire-request.js'
import { readStream } from './read-stream.js'

/**
 * Takes the body of a request from where its host has left it: in the stream, or read and parsed.
 * @param body what the host has made of it; not looked at while the stream is unread, since some hosts put `{}` there
 * @throws {TypeError} when the host has read it and kept nothing
 */
export function readHostBody(
  stream: Readable,
  body: unknown,
  limitBytes: number,
): Promise<Uint8Array | string | ParsedBody> {
  if (!stream.readableEnded) return readStream(stream, limitBytes)
  if (body === undefined)
    return Promise.reject(new TypeError('the host has read the body of the request and left nothing in req.body'))
  return Promise.resolve(typeof body === 'string' || body instanceof Uint8Array ? body : { parsed: body })
}
