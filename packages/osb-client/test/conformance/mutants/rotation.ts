import { answer, answerWhen, bodyOf, onAnswer, onRequest, withBody } from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'
import { asyncRequired, toDelete } from './shared-faults.js'

const predecessor = (call: { readonly text: string }): string | undefined => {
  const id = bodyOf(call)['predecessor_binding_id']
  return typeof id === 'string' ? id : undefined
}

const rotation: readonly Mutant[] = [
  mutant('rotation-ends-the-old', 'ROT-06', 'A rotation deletes the old binding.', () => async (call, next) => {
    const answered = await next(call)
    const old = call.operation === 'bind' ? predecessor(call) : undefined
    if (old !== undefined && answered.status === 201) {
      const url = new URL(call.url)
      url.pathname = url.pathname.replace(/[^/]+$/, encodeURIComponent(old))
      await next(toDelete({ ...call, url }))
    }
    return answered
  }),
  mutant('rotation-200', 'ROT-10', 'A rotation is answered 200.', () =>
    onAnswer(['bind'], (answered, call) =>
      predecessor(call) !== undefined && answered.status === 201 ? { ...answered, status: 200 } : answered,
    ),
  ),
  mutant('rotation-without-credentials', 'ROT-10', 'A rotation gives no credentials.', () =>
    onAnswer(['bind'], (answered, call) =>
      predecessor(call) !== undefined && answered.status === 201 ? withBody(answered, {}) : answered,
    ),
  ),
  mutant('rotation-refused', 'ROT-10', 'Rotation is declared, but answered 400.', () =>
    answerWhen(
      ['bind'],
      (call) => predecessor(call) !== undefined,
      () => answer(400, { description: 'predecessor_binding_id is not known.' }),
    ),
  ),
  mutant('rotation-same-credentials', 'BIND-08 ROT-06', 'A rotation gives the credentials of the old binding.', () => {
    const given = new Map<string, unknown>()
    return onAnswer(['bind'], (answered, call) => {
      if (answered.status !== 201) return answered
      const old = given.get(predecessor(call) ?? '')
      const body = bodyOf(answered)
      if (old !== undefined) return withBody(answered, { ...body, credentials: old })
      given.set(call.binding_id, body['credentials'])
      return answered
    })
  }),
  mutant(
    'rotation-async-not-demanded',
    'ROT-09 SYN-10',
    'An asynchronous rotation is answered 202 without `accepts_incomplete`.',
    () => async (call, next) => {
      const answered = await next(call)
      if (call.operation !== 'bind' || predecessor(call) === undefined) return answered
      return bodyOf(answered)['error'] === 'AsyncRequired' ? asyncRequired(['bind'], 'go on')(call, next) : answered
    },
  ),
  mutant(
    'rotation-forgets-the-instance',
    'ROT-10',
    'A rotation with the ids of offering and plan is answered 500.',
    () =>
      onRequest(['bind'], (call) =>
        predecessor(call) === undefined ? call : withBody(call, { predecessor_binding_id: 'none' }),
      ),
  ),
]

/** Brokers that rotate bindings wrongly (ROT). */
export const rotationMutants: readonly Mutant[] = rotation
