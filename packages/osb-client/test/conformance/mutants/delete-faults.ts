import { answer, answerWhen, bodyOf, type Call, type Fault, keyOf, type Next, onAnswer } from '../brokers/fault.js'

export type DeleteOperation = 'deprovision' | 'unbind'

/** Says that it is deleted, and leaves it. */
export const pretended = (operation: DeleteOperation): Fault =>
  answerWhen(
    [operation],
    ({ url }) => url.searchParams.has('service_id') && url.searchParams.has('plan_id'),
    () => answer(200),
  )

const createOf = { deprovision: 'provision', unbind: 'bind' } as const
const pollOf = { deprovision: 'lastInstanceOperation', unbind: 'lastBindingOperation' } as const

/** Remembers what is being made: between the 202 of a create and the poll that shows its end. */
function inCreation(operation: DeleteOperation) {
  const running = new Set<string>()
  return {
    has: (call: Call) => running.has(keyOf(call)),
    async pass(call: Call, next: Next) {
      const answered = await next(call)
      if (call.operation === createOf[operation] && answered.status === 202) running.add(keyOf(call))
      if (call.operation === pollOf[operation] && !answered.text.includes('in progress')) running.delete(keyOf(call))
      return answered
    },
  }
}

/** What a delete during the creation is answered in place of what the broker does. */
export function duringCreate(
  operation: DeleteOperation,
  instead: (call: Call, next: Next) => Promise<ReturnType<typeof answer>>,
): Fault {
  const creation = inCreation(operation)
  return (call, next) =>
    call.operation === operation && creation.has(call) ? instead(call, next) : creation.pass(call, next)
}

export const busyWhileMade = (operation: DeleteOperation, status: number, body: object): Fault =>
  duringCreate(operation, () => Promise.resolve(answer(status, { description: 'It is being made.', ...body })))

/** The delete is done, but polls say that the creation has succeeded. */
export function polledAsCreate(operation: DeleteOperation, isSync = false): Fault {
  const creation = inCreation(operation)
  const deleted = new Set<string>()
  return async (call, next) => {
    if (call.operation === operation && creation.has(call)) {
      deleted.add(keyOf(call))
      const answered = await next(call)
      return isSync && answered.status === 202 ? answer(200) : answered
    }
    const answered = await creation.pass(call, next)
    return call.operation === pollOf[operation] && deleted.has(keyOf(call))
      ? answer(200, { state: 'succeeded', description: 'It has been made.' })
      : answered
  }
}

/** A fetch that finds nothing any more answers what it found before. */
export function remembered(create: 'provision' | 'bind', fetch: 'fetchInstance' | 'fetchBinding'): Fault {
  const known = new Map<string, string>()
  return onAnswer([create, fetch], (answered, call) => {
    if (call.operation === create && (answered.status === 201 || answered.status === 202))
      known.set(
        keyOf(call),
        JSON.stringify({ ...bodyOf(answered), operation: undefined, credentials: { user: 'old' } }),
      )
    const text = known.get(keyOf(call))
    if (call.operation !== fetch || text === undefined) return answered
    if (answered.status === 200) known.set(keyOf(call), answered.text)
    return answered.status === 404 ? { ...answered, status: 200, text } : answered
  })
}
