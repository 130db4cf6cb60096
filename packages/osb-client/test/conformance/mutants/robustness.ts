import { setTimeout as sleep } from 'node:timers/promises'
import {
  answer,
  answerWhen,
  bodyOf,
  type Call,
  everything,
  mutating,
  onAnswer,
  onRequest,
  withBody,
} from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'

const isNoObject = (value: unknown): boolean =>
  value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value))

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
  mutant(
    'strange-identity-500',
    'probe:hostile-headers',
    'An originating identity whose value is no Base64 is answered 500.',
    () =>
      answerWhen(
        mutating,
        ({ headers }) => /^\S+ .*[^\w+/=-]/.test(headers.get('x-broker-api-originating-identity') ?? ''),
        () => answer(500, { description: 'Unexpected token.' }),
      ),
  ),
  mutant(
    'context-null-500',
    'probe:fuzzed-bodies',
    'A context or parameters that are no object crash a provision.',
    () =>
      answerWhen(
        ['provision'],
        (call) => ['context', 'parameters'].some((name) => isNoObject(bodyOf(call)[name])),
        () => answer(500, { description: 'Cannot read properties of null.' }),
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

/** Brokers whose faults show only when requests are hostile or cut off. */
export const robustnessMutants: readonly Mutant[] = [...robustness, ...orphans]
