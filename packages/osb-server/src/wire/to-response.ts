import { headerNames, type OperationName, type OutcomeName, statusOf } from 'osb-protocol'
import { isOsbError, OsbError } from '../errors.js'
import type { CatalogSnapshot } from './catalog-snapshot.js'
import type { AnyOutcome, CalledOperation } from './operation-call.js'
import type { WireResponse } from './wire-request.js'

/** A response that nobody else has yet, so that it can be completed. */
export interface OpenResponse extends WireResponse {
  readonly headers: Record<string, string>
}

const jsonHeaders = (): Record<string, string> => ({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })

/** The catalog, or 304 if the platform has this version already (CAT-10). */
export function catalogResponse(snapshot: CatalogSnapshot, ifNoneMatch: string | undefined): OpenResponse {
  const { etag, bytes } = snapshot
  const cached = { ETag: etag, 'Cache-Control': 'private, no-cache' }
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, etag))
    return { status: statusOf('catalog', 'unchanged'), headers: cached, body: undefined }
  const headers = { 'Content-Type': 'application/json', 'Content-Length': String(bytes.length), ...cached }
  return { status: statusOf('catalog', 'found'), headers, body: bytes }
}

/** Compares weakly, as RFC 9110 asks for: proxies that compress make a strong tag a weak one. */
function matches(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}

/** The answer for what the back end did; `checkAnswer` has found it right. */
export function outcomeResponse(
  operation: CalledOperation,
  { outcome, body, retryAfterSeconds }: AnyOutcome,
): OpenResponse {
  const headers = jsonHeaders()
  // A duration in whole seconds (LOI-26).
  if (retryAfterSeconds !== undefined && Number.isFinite(retryAfterSeconds))
    headers[headerNames.retryAfter] = String(Math.max(0, Math.ceil(retryAfterSeconds)))
  return {
    status: statusOf(operation, outcome as OutcomeName<CalledOperation>),
    headers,
    body: JSON.stringify(isPoll(operation) ? withoutEmptyDescription(body) : body),
  }
}

function isPoll(operation: CalledOperation): boolean {
  return operation === 'lastInstanceOperation' || operation === 'lastBindingOperation'
}

/** A poll must not fail for a progress text that nobody gave (LOI-20, A19). */
function withoutEmptyDescription(body: unknown): unknown {
  if ((body as { readonly description?: string }).description !== '') return body
  const { description: _empty, ...rest } = body as { readonly description: string }
  return rest
}

/** What a platform is told of anything thrown: an `OsbError` as it is, all else a 500 that says nothing (ERR-01). */
export function toOsbError(thrown: unknown): OsbError {
  return isOsbError(thrown) && canBeSent(thrown) ? thrown : OsbError.internal(thrown)
}

function canBeSent({ status, headers }: OsbError): boolean {
  const isErrorStatus = Number.isInteger(status) && status >= 400 && status <= 599
  return isErrorStatus && Object.entries(headers).every(([name, value]) => isHeaderName(name) && isHeaderValue(value))
}

function isHeaderName(text: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(text)
}

/** Whether a text can stand in a header: nothing that would end or split it. */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text)
}

/** @param operation undefined when the request failed before it was known */
export function errorResponse({ status, headers, body }: OsbError, operation: OperationName | undefined): OpenResponse {
  const { instance_usable, update_repeatable, description, ...rest } = body
  const sent = {
    ...rest,
    ...(description ? { description } : {}), // never empty (ERR-04)
    // Only these operations may say so (ERR-05, ERR-06).
    ...(operation === 'update' || operation === 'deprovision' ? { instance_usable } : {}),
    ...(operation === 'update' ? { update_repeatable } : {}),
  }
  return { status, headers: Object.assign(jsonHeaders(), headers), body: JSON.stringify(sent) }
}
