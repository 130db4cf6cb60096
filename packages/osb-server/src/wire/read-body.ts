import { OsbError } from '../errors.js'
import { checkJson } from './check-json.js'
import type { WireSettings } from './settings.js'
import type { ParsedBody, WireRequest } from './wire-request.js'

/**
 * Begins to read the body of a request, which `parseBody` makes JSON of.
 * @throws {OsbError} 400 for another content type (CT-03), 413 for too much of it
 */
export function readBody(request: WireRequest, settings: WireSettings): ReturnType<WireRequest['readBody']> {
  if (!settings.lenientContentType) checkContentType(request.header('content-type'))
  const limit = settings.maximumBodyBytes
  if (Number(request.header('content-length')) > limit) throw OsbError.payloadTooLarge(limit)
  return request.readBody(limit)
}

/**
 * Parses the body of a request. An object is the caller's own, who may change it at the top.
 * @throws {OsbError} 400 for what is not JSON, is nested too deeply or has keys that are dangerous
 */
export function parseBody(body: Uint8Array | string | ParsedBody): unknown {
  const json = typeof body === 'object' && 'parsed' in body ? copyOf(body.parsed) : parseJson(toText(body))
  checkJson(json)
  return json
}

/** What the host has parsed stays the host's. */
function copyOf(parsed: unknown): unknown {
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
  return isObject ? { ...parsed } : parsed
}

/** A body without a declared type is tried as JSON (CT-02). */
function checkContentType(header: string | undefined): void {
  if (header === undefined || header === 'application/json') return
  const [type = ''] = header.split(';', 1)
  if (type.trim().toLowerCase() !== 'application/json')
    throw OsbError.badRequest('The content type of the body must be application/json.')
}

function toText(body: Uint8Array | string): string {
  // JSON has no byte order mark, but some senders write one; the decoder drops it.
  if (typeof body === 'string') return body.startsWith('\uFEFF') ? body.slice(1) : body
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw OsbError.badRequest('The body is not valid UTF-8.')
  }
}

/** The parser's own message is not passed on, since it quotes the text. */
function parseJson(text: string): unknown {
  if (text === '') throw OsbError.badRequest('The body is empty; it must be a JSON object.')
  try {
    return JSON.parse(text)
  } catch {
    throw OsbError.badRequest('The body is not valid JSON.')
  }
}
