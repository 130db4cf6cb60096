import { OsbError } from '../errors.js'
import type { WireRequest, WireResponse } from './wire-request.js'

type Handle = (request: WireRequest) => Promise<WireResponse>

/** Serves the web's own `Request` and `Response`. Their URL parser resolves `.` and `..` segments, encoded ones too. */
export function fetchWith(handle: Handle): (request: Request) => Promise<Response> {
  return async (request) => toResponse(await handle(toWireRequest(request, (limit) => readRequestBody(request, limit))))
}

export function toResponse({ status, headers, body }: WireResponse): Response {
  return new Response(body ?? null, { status, headers })
}

/** @param readBody reads the request, or takes what the host has read already */
export function toWireRequest(request: Request, readBody: WireRequest['readBody']): WireRequest {
  return {
    method: request.method,
    target: targetOf(request.url),
    header: (name) => request.headers.get(name) ?? undefined,
    readBody,
    get signal() {
      return request.signal
    },
  }
}

function targetOf(url: string): string {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  const hash = url.indexOf('#')
  return url.slice(slash, hash < 0 ? undefined : hash)
}

export async function readRequestBody(request: Request, limitBytes: number): Promise<Uint8Array> {
  if (request.bodyUsed) throw new TypeError('the body of the request was read before the broker got it')
  if (!request.body) return new Uint8Array()
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of chunksOf(request.body)) {
    length += part.length
    if (length > limitBytes) throw OsbError.payloadTooLarge(limitBytes)
    parts.push(part)
  }
  return join(parts, length)
}

/** Reads through a reader, since not every runtime can iterate a stream. Ending early cancels the stream. */
async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (let part = await readPart(reader); part; part = await readPart(reader)) yield part
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

async function readPart(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return (await reader.read()).value
  } catch {
    throw OsbError.badRequest('The body ended before it was complete.')
  }
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
