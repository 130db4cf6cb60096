import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, answer, bodyOf, type Fault, keyOf, mutating, onAnswer, withBody } from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'

/** Each of several identical requests that come together is told that it made the thing. */
function everybodyMadeIt(operation: 'provision' | 'bind'): Fault {
  const running = new Map<string, Promise<Answer>>()
  return async (call, next) => {
    if (call.operation !== operation) return next(call)
    const first = running.get(keyOf(call))
    if (first) return first
    const made = next(call).then(async (answered) => {
      await sleep(30)
      running.delete(keyOf(call))
      return answered
    })
    running.set(keyOf(call), made)
    return made
  }
}

/** Conflicting requests that come together are both taken; the last one stays. */
function lostUpdates(): Fault {
  const newest = new Map<string, { readonly atMs: number; readonly parameters: unknown }>()
  return async (call, next) => {
    const atMs = performance.now()
    const answered = await next(call)
    if (call.operation === 'provision') {
      const before = newest.get(call.instance_id)
      if (answered.status === 409 && before && atMs - before.atMs < 50) {
        newest.set(call.instance_id, { atMs, parameters: bodyOf(call)['parameters'] })
        return answer(201)
      }
      if (answered.status === 201) newest.set(call.instance_id, { atMs, parameters: bodyOf(call)['parameters'] })
    }
    const { parameters } = newest.get(call.instance_id) ?? {}
    return call.operation === 'fetchInstance' && answered.status === 200 && parameters !== undefined
      ? withBody(answered, { ...bodyOf(answered), parameters })
      : answered
  }
}

/** Brokers whose faults show only when requests come together. */
export const concurrencyMutants: readonly Mutant[] = [
  mutant(
    'parallel-provisions-all-201',
    'probe:parallel-provisions PROV-13',
    'Of identical provisions at the same time each is answered 201.',
    () => everybodyMadeIt('provision'),
  ),
  mutant(
    'parallel-binds-all-201',
    'probe:parallel-binds BIND-23',
    'Of identical binds at the same time each is answered 201.',
    () => everybodyMadeIt('bind'),
  ),
  mutant(
    'parallel-conflicts-all-201',
    'probe:parallel-conflicts PROV-19 PROV-13',
    'Of different provisions of an id at the same time each is answered 201; the last one wins.',
    lostUpdates,
  ),
  mutant(
    'parallel-deletes-500',
    'probe:parallel-deletes DEP-13 DEP-10',
    'Of deletes at the same time all but the first are answered 500.',
    () => {
      const running = new Set<string>()
      return async (call, next) => {
        if (call.operation !== 'deprovision') return next(call)
        if (running.has(keyOf(call))) return answer(500, { description: 'Deadlock.' })
        running.add(keyOf(call))
        const answered = await next(call)
        await sleep(30)
        running.delete(keyOf(call))
        return answered
      }
    },
  ),
  mutant('second-operation-409', 'BLK-02', 'An update while another runs is answered 409.', () => busyAs(409, {})),
  mutant('second-operation-500', 'BLK-02', 'An update while another runs is answered 500.', () => busyAs(500, {})),
  mutant('second-operation-other-code', 'BLK-02 ERR-08', 'The code for concurrency is `OperationInProgress`.', () =>
    busyAs(422, { error: 'OperationInProgress' }),
  ),
]

const busyAs = (status: number, body: object): Fault =>
  onAnswer(mutating, (answered) =>
    bodyOf(answered)['error'] === 'ConcurrencyError'
      ? answer(status, { description: 'Something is running.', ...body })
      : answered,
  )
