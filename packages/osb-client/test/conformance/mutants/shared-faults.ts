import {
  type Answer,
  answer,
  answerWhen,
  acceptsIncomplete,
  bodyOf,
  type Call,
  type Fault,
  keyOf,
  type Loose,
  onAnswer,
  onBody,
  onRequest,
  type Operations,
  polls,
  together,
  withBody,
} from '../brokers/fault.js'

/** The status with which each change succeeds at once. */
const done: Readonly<Record<string, number>> = { provision: 201, bind: 201, update: 200, deprovision: 200, unbind: 200 }

const isOf = (operations: Operations, { operation }: Call): boolean =>
  operation !== undefined && operations.includes(operation)

/** The request without a field of its body. */
export function dropField(call: Call, field: string): Call {
  const { [field]: _dropped, ...body } = bodyOf(call)
  return withBody(call, body)
}

/** The request with a query parameter set. */
export function withQuery(call: Call, name: string, value: string | undefined): Call {
  const url = new URL(call.url)
  if (value === undefined) url.searchParams.delete(name)
  else url.searchParams.set(name, value)
  return { ...call, url }
}

/** The delete of what a request is about. */
export function toDelete(call: Call): Call {
  const { service_id, plan_id } = bodyOf(call)
  const url = new URL(call.url)
  url.search = new URLSearchParams({
    service_id: String(service_id),
    plan_id: String(plan_id),
    accepts_incomplete: 'true',
  }).toString()
  const headers = new Headers(call.headers)
  headers.delete('content-type')
  return {
    ...call,
    operation: call.operation === 'bind' ? 'unbind' : 'deprovision',
    method: 'DELETE',
    url,
    headers,
    text: '',
  }
}

/** What was made is deleted again before the answer goes out. */
export const undoneAtOnce =
  (operations: Operations): Fault =>
  async (call, next) => {
    const answered = await next(call)
    if (isOf(operations, call) && answered.status === 201) await next(toDelete(call))
    return answered
  }

/** What must be asked for with `accepts_incomplete=true` is done, or refused in a wrong way. */
export function asyncRequired(operations: Operations, wrong: 'go on' | 'no code' | number): Fault {
  return async (call, next) => {
    const answered = await next(call)
    if (!isOf(operations, call) || bodyOf(answered)['error'] !== 'AsyncRequired') return answered
    if (wrong === 'go on') return next(withQuery(call, 'accepts_incomplete', 'true'))
    if (wrong === 'no code') return withBody(answered, { description: 'Asynchronous operations only.' })
    return { ...answered, status: wrong }
  }
}

/** A synchronous success is answered 202 though nobody asked for it; polls of it say that it is done. */
export function unaskedAsync(operations: Operations): Fault {
  const made = new Set<string>()
  return async (call, next) => {
    const answered = await next(call)
    if (isOf(operations, call) && answered.status === done[call.operation ?? ''] && !acceptsIncomplete(call)) {
      made.add(keyOf(call))
      return withBody({ ...answered, status: 202 }, {})
    }
    return isOf(polls, call) && made.has(keyOf(call)) ? answer(200, { state: 'succeeded' }) : answered
  }
}

/** Each repeat is told of another `operation`; polls find the right one all the same. */
export function freshOperations(operations: Operations): Fault {
  let count = 0
  return together(
    onRequest(polls, (call) => {
      const asked = call.url.searchParams.get('operation')
      return asked === null ? call : withQuery(call, 'operation', asked.replace(/~\d+$/, ''))
    }),
    onBody(operations, (body) => ({ ...body, operation: `${String(body['operation'])}~${(count += 1)}` }), [202]),
  )
}

/** An `operation` of 10,001 characters. */
export const longOperation = (operations: Operations): Fault =>
  together(
    onRequest(polls, (call) => {
      const asked = call.url.searchParams.get('operation')
      return asked === null ? call : withQuery(call, 'operation', asked.replace(/~o+$/, ''))
    }),
    onBody(operations, (body) => ({ ...body, operation: `${String(body['operation'])}~`.padEnd(10_001, 'o') }), [202]),
  )

/** Requests that follow one that was answered with this status are answered something else while they would be, too. */
export function onRepeat(operations: Operations, status: number, make: () => Answer): Fault {
  const seen = new Set<string>()
  return async (call, next) => {
    const answered = await next(call)
    if (!isOf(operations, call) || answered.status !== status) return answered
    if (seen.has(keyOf(call))) return make()
    seen.add(keyOf(call))
    return answered
  }
}

/** A missing field of the body, or of the query of a delete, is taken, or refused in a wrong way. */
export const missing = (operations: Operations, field: string, wrong: 'accept' | number): Fault =>
  answerWhen(
    operations,
    (call) =>
      call.method === 'DELETE'
        ? !call.url.searchParams.has(field)
        : isObject(call) && bodyOf(call)[field] === undefined,
    ({ operation = '' }) =>
      wrong === 'accept' ? answer(done[operation] ?? 200) : answer(wrong, { description: `${field} is missing.` }),
  )

const isObject = ({ text }: Call): boolean => text.trimStart().startsWith('{')

/** A body that is no JSON is answered with this status. */
export const brokenBody = (operations: Operations, status: number): Fault =>
  answerWhen(
    operations,
    ({ text }) => !parses(text),
    () => answer(status),
  )

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const hasParameters = (call: Call): boolean => Object.keys((bodyOf(call)['parameters'] as Loose) ?? {}).length > 0

/** Parameters that the schema forbids are dropped without a word. */
export const invalid =
  (operations: Operations): Fault =>
  async (call, next) => {
    const answered = await next(call)
    return isOf(operations, call) && answered.status === 400 && hasParameters(call)
      ? next(dropField(call, 'parameters'))
      : answered
  }

/** A maintenance version that is not the catalog's is taken, or refused in a wrong way. */
export function maintenance(operations: Operations, wrong: 'accept' | 'other code' | number): Fault {
  return async (call, next) => {
    const answered = await next(call)
    if (!isOf(operations, call) || bodyOf(answered)['error'] !== 'MaintenanceInfoConflict') return answered
    if (wrong === 'accept') return next(dropField(call, 'maintenance_info'))
    if (wrong === 'other code')
      return withBody(answered, { error: 'MaintenanceConflict', description: 'Not this version.' })
    return { ...answered, status: wrong }
  }
}

/** A repeat deletes what there is and makes it again. */
export const forgetfulRepeats =
  (operations: Operations = ['provision']): Fault =>
  async (call, next) => {
    const answered = await next(call)
    if (!isOf(operations, call) || answered.status !== 200) return answered
    await next(toDelete(call))
    return next(call)
  }

/** What the broker says of something in a state, from the first time that it says so. */
export function once(
  matches: (answered: Answer, call: Call) => boolean,
  otherwise: (answered: Answer) => Answer,
): Fault {
  const seen = new Set<string>()
  return async (call, next) => {
    const answered = await next(call)
    if (!matches(answered, call)) return answered
    const key = `${call.operation ?? ''} ${keyOf(call)}`
    if (seen.has(key)) return otherwise(answered)
    seen.add(key)
    return answered
  }
}

/** Answers an error in place of another status. */
export const errorFor = (operations: Operations, from: number, to: number): Fault =>
  onAnswer(operations, (answered) =>
    answered.status === from ? answer(to, { description: 'This is not what it should be.' }) : answered,
  )

/** Drops a field of what is answered with success. */
export const withoutField = (operations: Operations, ...fields: readonly string[]): Fault =>
  onBody(operations, (body) => Object.fromEntries(Object.entries(body).filter(([name]) => !fields.includes(name))))
