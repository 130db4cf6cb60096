import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Answer,
  answer,
  answerWhen,
  bodyOf,
  type Call,
  everything,
  type Fault,
  keyOf,
  mutating,
  onAnswer,
  onRequest,
  withBody,
} from '../brokers/fault.js'
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

const concurrency: readonly Mutant[] = [
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

/** Ids with characters that have to be percent-encoded are not understood. */
const hasHostileId = ({ instance_id, binding_id }: Call): boolean => /[^A-Za-z0-9._~-]/.test(instance_id + binding_id)

const robustness: readonly Mutant[] = [
  mutant('hostile-ids-500', 'probe:hostile-ids', 'An id with a percent-encoded character is answered 500.', () =>
    answerWhen(everything, hasHostileId, () => answer(500, { description: 'Oh.' })),
  ),
  mutant(
    'slashes-in-ids-part-the-path',
    'probe:hostile-ids',
    'A percent-encoded slash in an id parts the path: all ids that share what stands before it are one.',
    () =>
      onRequest(everything, (call) => {
        const url = new URL(call.url)
        url.pathname = url.pathname.replaceAll(/%2F[^/]*/gi, '')
        return { ...call, url }
      }),
  ),
  mutant('ids-lose-their-case', 'probe:ids-case', 'Ids that differ by case are one.', () =>
    onRequest(everything, (call) => {
      const url = new URL(call.url)
      url.pathname = url.pathname.replaceAll(/(?<=service_(?:instances|bindings)\/)[^/]+/g, (id) => id.toLowerCase())
      return { ...call, url }
    }),
  ),
  mutant(
    'stack-trace-in-errors',
    'probe:secrets-in-errors',
    'Errors have a stack trace with the parameters of the request.',
    () =>
      onAnswer(mutating, (answered, call) =>
        answered.status >= 400 && call.text !== ''
          ? withBody(answered, {
              ...bodyOf(answered),
              description: `Error at broker.js:17 while handling ${call.text}`,
            })
          : answered,
      ),
  ),
  mutant('password-in-errors', 'probe:secrets-in-errors', 'Errors repeat the `Authorization` header.', () =>
    onAnswer(everything, (answered, call) =>
      answered.status >= 400 && answered.status !== 401
        ? withBody(answered, {
            ...bodyOf(answered),
            description: `Request refused: ${call.headers.get('authorization') ?? ''}`,
          })
        : answered,
    ),
  ),
  mutant('deep-json-500', 'probe:hostile-bodies', 'Parameters that are nested deeply are answered 500.', () =>
    answerWhen(
      ['provision', 'bind', 'update'],
      ({ text }) => text.includes('[[[[[[[[[[[[[[[[') || text.includes('{"a":{"a":{"a":{"a":{"a":'),
      () => answer(500, { description: 'Stack overflow.' }),
    ),
  ),
  mutant('large-body-500', 'probe:hostile-bodies', 'A body of more than 100,000 characters is answered 500.', () =>
    answerWhen(
      ['provision', 'bind', 'update'],
      ({ text }) => text.length > 100_000,
      () => answer(500, { description: 'Too much.' }),
    ),
  ),
  mutant('polluted-prototype', 'probe:hostile-bodies', 'A body with `__proto__` is answered 500.', () =>
    answerWhen(
      ['provision', 'bind', 'update'],
      ({ text }) => text.includes('__proto__'),
      () => answer(500, { description: 'Oh.' }),
    ),
  ),
  mutant(
    'plan-of-other-offering-accepted',
    'probe:plan-of-other-offering',
    'A plan of another offering is accepted by provisions.',
    () => async (call, next) => {
      const answered = await next(call)
      return call.operation === 'provision' &&
        answered.status === 400 &&
        bodyOf(call)['plan_id'] !== undefined &&
        bodyOf(call)['service_id'] !== undefined
        ? answer(201)
        : answered
    },
  ),
]

const orphans: readonly Mutant[] = [
  mutant(
    'orphan-after-cut',
    'probe:cut-connection',
    'When the platform hangs up during a provision, the instance is made but cannot be deleted.',
    () => {
      const cut = new Set<string>()
      return async (call, next) => {
        if (call.operation === 'deprovision' && cut.has(call.instance_id))
          return answer(404, { description: 'There is no such instance.' })
        if (call.operation === 'provision') call.signal.addEventListener('abort', () => cut.add(call.instance_id))
        const answered = await next(call)
        // The time in which the work is done.
        if (call.operation === 'provision') await sleep(50)
        return answered
      }
    },
  ),
  mutant(
    'delete-after-cut-500',
    'probe:cut-connection',
    'When the platform hangs up during a provision, the delete is answered 500.',
    () => {
      const cut = new Set<string>()
      return async (call, next) => {
        if (call.operation === 'deprovision' && cut.has(call.instance_id))
          return answer(500, { description: 'It is half made.' })
        if (call.operation === 'provision') call.signal.addEventListener('abort', () => cut.add(call.instance_id))
        const answered = await next(call)
        if (call.operation === 'provision') await sleep(50)
        return answered
      }
    },
  ),
  mutant(
    'deleted-instance-comes-back',
    'DEP-03 DEP-01',
    'What was deleted while it was being made is there in the end.',
    () => {
      const deleted = new Map<string, 'making' | 'deleted'>()
      return onAnswer(['provision', 'deprovision', 'fetchInstance'], (answered, call) => {
        const { operation, instance_id } = call
        if (operation === 'provision' && answered.status === 202) deleted.set(instance_id, 'making')
        if (operation === 'fetchInstance' && answered.status === 200) deleted.delete(instance_id)
        if (operation === 'deprovision' && deleted.has(instance_id)) deleted.set(instance_id, 'deleted')
        return operation === 'fetchInstance' && deleted.get(instance_id) === 'deleted'
          ? answer(200, { parameters: {} })
          : answered
      })
    },
  ),
]

/** Brokers whose faults show only when requests come together, are hostile, or are cut off. */
export const behaviourMutants: readonly Mutant[] = [...concurrency, ...robustness, ...orphans]
