import type { OperationName } from 'osb-protocol'
import { login, type TestBroker } from './test-broker.js'

/** Any JSON object; wrong ones are written here on purpose, so no type says what is in it. */
export type Loose = Record<string, unknown>

/** A request, taken apart far enough for a fault to know what it is about. */
export interface Call {
  /** Undefined where path and method are none of the specification's. */
  readonly operation: OperationName | undefined
  readonly instance_id: string
  readonly binding_id: string
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly text: string
  readonly signal: AbortSignal
  /** How often the broker was restarted before. */
  readonly restarts: number
}

/** An answer that a fault can change before it goes out. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export type Next = (call: Call) => Promise<Answer>

/** What is wrong with a broker: it may change the request, the answer, both, or answer itself. */
export type Fault = (call: Call, next: Next) => Promise<Answer>

const routes: readonly (readonly [RegExp, Readonly<Record<string, OperationName>>])[] = [
  [/\/v2\/catalog$/, { GET: 'catalog' }],
  [/\/v2\/service_instances\/([^/]+)\/last_operation$/, { GET: 'lastInstanceOperation' }],
  [
    /\/v2\/service_instances\/([^/]+)$/,
    { PUT: 'provision', GET: 'fetchInstance', PATCH: 'update', DELETE: 'deprovision' },
  ],
  [/\/v2\/service_instances\/([^/]+)\/service_bindings\/([^/]+)\/last_operation$/, { GET: 'lastBindingOperation' }],
  [
    /\/v2\/service_instances\/([^/]+)\/service_bindings\/([^/]+)$/,
    { PUT: 'bind', GET: 'fetchBinding', DELETE: 'unbind' },
  ],
]

async function toCall(request: Request, restarts: number): Promise<Call> {
  const url = new URL(request.url)
  const route = routes.find(([pattern]) => pattern.test(url.pathname))
  const [, instance_id = '', binding_id = ''] = route?.[0].exec(url.pathname) ?? []
  const { method, headers, signal } = request
  return {
    operation: route?.[1][method],
    instance_id: decodeURIComponent(instance_id),
    binding_id: decodeURIComponent(binding_id),
    method,
    url,
    headers,
    text: await request.text(),
    signal,
    restarts,
  }
}

/** The same broker with a fault before it. */
export function withFault(broker: TestBroker, fault: Fault): TestBroker {
  const next: Next = async ({ method, url, headers, text, signal }) => {
    const body = text === '' ? {} : { body: text }
    const response = await broker.fetch(new Request(url, { method, headers, signal, ...body }))
    return { status: response.status, headers: new Headers(response.headers), text: await response.text() }
  }
  let restarts = 0
  return {
    close: broker.close,
    async restart() {
      await broker.restart?.()
      restarts += 1
    },
    async fetch(request) {
      const { status, headers, text } = await fault(await toCall(request, restarts), next)
      const hasBody = ![204, 205, 304].includes(status) && text !== ''
      return new Response(hasBody ? text : null, { status, headers: withIdentity(headers, request.headers) })
    },
  }
}

/** The JSON object that a request or an answer has; an empty one if it has none. */
export function bodyOf({ text }: { readonly text: string }): Loose {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {}
  } catch {
    return {}
  }
}

/** The same request or answer with another body. */
export function withBody<Message extends Call | Answer>(message: Message, body: unknown): Message {
  return { ...message, text: JSON.stringify(body) }
}

/** Marks an answer of a fault, to which the request's identity is added: only mutants of that row leave it out. */
const ownAnswer = 'x-answer-of-a-fault'

export function answer(status: number, body: unknown = {}): Answer {
  const headers = new Headers({ 'content-type': 'application/json', [ownAnswer]: 'true' })
  return { status, headers, text: JSON.stringify(body) }
}

const identityHeader = 'x-broker-api-request-identity'

function withIdentity(given: Headers, request: Headers): Headers {
  const headers = new Headers(given)
  const identity = request.get(identityHeader)
  if (headers.has(ownAnswer) && identity !== null) headers.set(identityHeader, identity)
  headers.delete(ownAnswer)
  return headers
}

export const isSuccess = ({ status }: Answer): boolean => status >= 200 && status < 300

export const acceptsIncomplete = ({ url }: Call): boolean => url.searchParams.get('accepts_incomplete') === 'true'

/** Where something is, to keep state of it. */
export const keyOf = ({ instance_id, binding_id }: Call): string => `${instance_id} ${binding_id}`

/** Whether the right login was sent; others are for the broker behind to refuse. */
const isLoggedIn = ({ headers }: Call): boolean =>
  headers.get('authorization') === `Basic ${btoa(`${login.username}:${login.password}`)}`

export type Operations = readonly OperationName[]

const concerns = (operations: Operations, { operation }: Call): boolean =>
  operation !== undefined && operations.includes(operation)

/** Changes what the named operations answer. */
export const onAnswer =
  (operations: Operations, change: (answer: Answer, call: Call) => Answer): Fault =>
  async (call, next) => {
    const answered = await next(call)
    return concerns(operations, call) ? change(answered, call) : answered
  }

/** Answers another status than the right one. */
export const onStatus = (
  operations: Operations,
  wrong: Readonly<Record<number, number>>,
  body?: (body: Loose, call: Call) => Loose,
): Fault =>
  onAnswer(operations, (answered, call) => {
    const status = wrong[answered.status]
    if (status === undefined) return answered
    const changed = { ...answered, status }
    return body ? withBody(changed, body(bodyOf(answered), call)) : changed
  })

/** Changes the body of successful answers; `statuses`: of these only. */
export const onBody = (
  operations: Operations,
  change: (body: Loose, call: Call) => unknown,
  statuses?: readonly number[],
): Fault =>
  onAnswer(operations, (answered, call) =>
    (statuses ? statuses.includes(answered.status) : isSuccess(answered))
      ? withBody(answered, change(bodyOf(answered), call))
      : answered,
  )

/** Changes what the broker behind gets to see. */
export const onRequest =
  (operations: Operations, change: (call: Call) => Call): Fault =>
  (call, next) =>
    next(concerns(operations, call) ? change(call) : call)

/** Answers by itself where `when` says so; who is not logged in gets no further than with the reference. */
export const answerWhen =
  (operations: Operations, when: (call: Call) => boolean, make: (call: Call) => Answer): Fault =>
  (call, next) =>
    concerns(operations, call) && isLoggedIn(call) && when(call) ? Promise.resolve(make(call)) : next(call)

/** Several faults that make one; the first is the outermost. */
export const together =
  (...faults: readonly Fault[]): Fault =>
  (call, next) => {
    const [first, ...others] = faults
    return first ? first(call, (inner) => together(...others)(inner, next)) : next(call)
  }

/** The operations that create something, that change something, and all with an answer of interest. */
export const mutating = ['provision', 'update', 'deprovision', 'bind', 'unbind'] as const
export const polls = ['lastInstanceOperation', 'lastBindingOperation'] as const
export const fetches = ['fetchInstance', 'fetchBinding'] as const
export const everything = ['catalog', ...mutating, ...fetches, ...polls] as const

/** The codes that the specification has a meaning for (ERR-08); others are the broker's own. */
export const namedCodes: readonly unknown[] = [
  'AsyncRequired',
  'ConcurrencyError',
  'RequiresApp',
  'MaintenanceInfoConflict',
]
