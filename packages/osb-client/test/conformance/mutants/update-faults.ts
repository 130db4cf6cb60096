import { bodyOf, type Loose, onAnswer, withBody } from '../brokers/fault.js'

/** What a fetch shows is changed from the moment on that a matching update was answered. */
export function shownAfter(
  matches: (body: Loose, status: number) => boolean,
  shown: (fetched: Loose, update: Loose) => Loose,
) {
  const changed = new Map<string, Loose>()
  return onAnswer(['update', 'fetchInstance'], (answered, call) => {
    if (call.operation === 'update' && matches(bodyOf(call), answered.status))
      changed.set(call.instance_id, bodyOf(call))
    const update = changed.get(call.instance_id)
    return call.operation === 'fetchInstance' && answered.status === 200 && update
      ? withBody(answered, shown(bodyOf(answered), update))
      : answered
  })
}

export const isTaken = (status: number): boolean => status === 200 || status === 202

export const planChange = (body: Loose): boolean => body['plan_id'] !== undefined
