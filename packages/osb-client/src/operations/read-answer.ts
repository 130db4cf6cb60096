import {
  headerNames,
  jsonPointer,
  type OperationName,
  type OrphanMitigation,
  outcomeOf,
  parseRetryAfter,
  type RequestEnding,
  requirementOf,
  responseSchemas,
} from 'osb-protocol'
import { BrokerResponseError } from '../errors/broker-response-error.js'
import { MalformedResponseError, type ResponseIssue } from '../errors/malformed-response-error.js'
import type { Redact } from '../redact.js'
import type { WireAnswer } from '../transport/transport.js'
import { describeErrorAnswer, readErrorBody } from './read-error-body.js'
import { isJsonObject, readJsonObject } from './read-json-object.js'

/** What was asked, as far as the answer is read by it. */
export interface Asked {
  readonly operation: OperationName
  readonly requestIdentity: string
  readonly acceptsIncomplete: boolean
  /** Whether the caller has a copy that a 304 could stand for. */
  readonly conditional: boolean
  /** Why a redirect was not followed, when the answer is one. */
  readonly refusedRedirect?: string | undefined
  /** What the offering may use of the platform, when the catalog is known. */
  readonly requires?: readonly string[] | undefined
  /** Whether faults that leave the answer usable are only told. */
  readonly lenient?: boolean
  /** What to delete after an ending of this operation, by the policy of the client. */
  readonly mitigationOf: (ending: RequestEnding) => OrphanMitigation
  /** Made on demand: most answers need none. */
  readonly redact: Redact
  readonly nowMs: number
}

/** An outcome of any operation; its exact type follows from the operation. */
export interface AnyOutcome {
  readonly outcome: string
  readonly body?: object
  readonly etag?: string | undefined
  readonly retryAfterSeconds?: number | undefined
}

/** What was read, and the faults that a lenient reader overlooks. */
export interface Reading {
  readonly outcome: AnyOutcome
  readonly findings: readonly ResponseIssue[]
}

/**
 * Reads an answer: the status by the outcome table, the body by its schema.
 * @throws {BrokerResponseError} when the status is no success of the operation
 * @throws {MalformedResponseError} when the status is one, and the answer is not what it should be
 */
export function readAnswer(asked: Asked, answer: WireAnswer): Reading {
  const { operation, requestIdentity } = asked
  const { status } = answer
  const outcome: string | undefined = outcomeOf(operation, status)
  if (outcome === undefined) throw refusalOf(asked, answer)
  const { body, issues } = readBody(asked, outcome, answer)
  if (issues.length > 0 && !(asked.lenient && issues.every((issue) => isTolerable(operation, issue)))) {
    const unusable = issues.some(({ pointer }) => unusablePlaces.test(pointer))
    const mitigation = asked.mitigationOf({ ending: 'answered', status, wellFormed: false, unusable })
    throw new MalformedResponseError({ operation, requestIdentity, orphanMitigation: mitigation, status, issues })
  }
  return { outcome: { outcome, ...(body && { body }), ...readHeaders(asked, outcome, answer) }, findings: issues }
}

const unusablePlaces = /^\/(volume_mounts|syslog_drain_url|route_service_url)/

function refusalOf(asked: Asked, { status, body: read }: WireAnswer): BrokerResponseError {
  const { operation, requestIdentity, redact, refusedRedirect } = asked
  const body = readErrorBody(read)
  const errorCode = typeof body?.error === 'string' ? body.error : undefined
  const mitigation = asked.mitigationOf({ ending: 'answered', status, wellFormed: true, errorCode })
  const message = describeErrorAnswer(status, body, redact, refusedRedirect)
  return new BrokerResponseError(message, { operation, requestIdentity, orphanMitigation: mitigation, status, body })
}

/** Without these an answer cannot be used, whatever else is right about it. */
function isTolerable(operation: OperationName, { pointer }: ResponseIssue): boolean {
  if (pointer === '') return false
  if (operation === 'catalog') return pointer !== '/services'
  return pointer !== '/state' && pointer !== '/operation'
}

interface BodyReading {
  readonly body?: object
  readonly issues: readonly ResponseIssue[]
}

function readBody(asked: Asked, outcome: string, answer: WireAnswer): BodyReading {
  const { operation } = asked
  if (outcome === 'accepted' && !asked.acceptsIncomplete)
    return fault('is an asynchronous answer to a request without accepts_incomplete=true', 'SYN-10')
  if (outcome === 'unchanged')
    return asked.conditional ? { issues: [] } : fault('is 304, and no ETag was sent', 'CAT-10')
  const read = readJsonObject(answer.body)
  // Whatever comes with 410, the thing is gone; brokers like to send nothing at all.
  if (outcome === 'gone') return { body: 'body' in read ? read.body : {}, issues: [] }
  if ('problem' in read) return fault(read.problem, requirementOf(operation, []))
  const body = outcome === 'accepted' ? withoutEmptyOperation(read.body) : read.body
  const schema = (responseSchemas[operation] as Readonly<Record<string, Schema | undefined>>)[outcome]
  const { error } = schema?.safeParse(body) ?? {}
  const issues = error ? error.issues.map((issue) => toIssue(operation, issue)) : []
  return { body, issues: asked.requires ? [...issues, ...unpermitted(body, asked.requires)] : issues }
}

const permissionOf = {
  syslog_drain_url: ['syslog_drain', 'BIND-45'],
  route_service_url: ['route_forwarding', 'BIND-48'],
  volume_mounts: ['volume_mount', 'BIND-50'],
} as const

/** What a binding gives although its offering has not asked the platform for it (BIND-46, BIND-49, BIND-51). */
function unpermitted(body: object, requires: readonly string[]): ResponseIssue[] {
  return Object.entries(permissionOf)
    .filter(([name, [permission]]) => isGiven(body, name) && !requires.includes(permission))
    .map(([name, [permission, requirement]]) => ({
      pointer: `/${name}`,
      message: `needs ${permission} in requires of the offering`,
      requirement,
    }))
}

function isGiven(body: object, name: string): boolean {
  const value = (body as Readonly<Record<string, unknown>>)[name]
  return value !== undefined && value !== null
}

/** The part of a zod schema that is needed here. */
interface Schema {
  safeParse(value: unknown): { readonly error?: { readonly issues: readonly SchemaIssue[] } | undefined }
}

interface SchemaIssue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

function fault(message: string, requirement: string | undefined): BodyReading {
  return { issues: [{ pointer: '', message, requirement }] }
}

function toIssue(operation: OperationName, { path, message }: SchemaIssue): ResponseIssue {
  return { pointer: jsonPointer(path), message, requirement: requirementOf(operation, path) }
}

/** An `operation` that is null or empty is none (A12). */
function withoutEmptyOperation(body: object): object {
  if (!isJsonObject(body) || (body['operation'] !== null && body['operation'] !== '')) return body
  const { operation: _none, ...rest } = body
  return rest
}

function readHeaders({ operation, nowMs }: Asked, outcome: string, answer: WireAnswer): Partial<AnyOutcome> {
  if (outcome === 'unchanged') return {}
  if (operation === 'catalog') return { etag: answer.header(headerNames.etag) }
  const polled = operation === 'lastInstanceOperation' || operation === 'lastBindingOperation'
  if (outcome !== 'accepted' && !(polled && outcome === 'found')) return {}
  const retryAfter = answer.header(headerNames.retryAfter)
  return { retryAfterSeconds: retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, nowMs) }
}
