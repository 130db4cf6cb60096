import { answer, answerWhen, bodyOf, onAnswer, onBody, onStatus, withBody } from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'
import {
  asyncRequired,
  brokenBody,
  forgetfulRepeats,
  freshOperations,
  invalid,
  longOperation,
  missing,
  onRepeat,
  unaskedAsync,
} from './shared-faults.js'

const success: readonly Mutant[] = [
  mutant('bind-declared-but-missing', 'BIND-03', 'The catalog says bindable, but binds are answered 404.', () =>
    answerWhen(
      ['bind'],
      () => true,
      () => answer(404, { description: 'There is no such path.' }),
    ),
  ),
  mutant('bind-200', 'BIND-23 SYN-05', 'A new binding is answered 200.', () => onStatus(['bind'], { 201: 200 })),
  mutant('bind-204', 'BIND-23 BIND-06', 'A new binding is answered 204.', () => onStatus(['bind'], { 201: 204 })),
  mutant('bind-repeat-201', 'BIND-22 BIND-23', 'An identical repeat is answered 201.', () =>
    onStatus(['bind'], { 200: 201 }),
  ),
  mutant('bind-repeat-409', 'BIND-22', 'An identical repeat is answered 409.', () =>
    onStatus(['bind'], { 200: 409 }, () => ({ description: 'There is such a binding.' })),
  ),
  mutant('bind-repeat-made-anew', 'BIND-23 BIND-22', 'A repeat makes the binding anew.', () =>
    forgetfulRepeats(['bind']),
  ),
  mutant('bind-conflict-200', 'BIND-30', 'Other parameters for the same id are answered 200.', () =>
    onStatus(['bind'], { 409: 200 }, () => ({ credentials: {} })),
  ),
  mutant('bind-conflict-201', 'BIND-30 BIND-23', 'Other parameters for the same id are answered 201.', () =>
    onStatus(['bind'], { 409: 201 }, () => ({ credentials: { a: 'b' } })),
  ),
  mutant('bind-conflict-422', 'BIND-30', 'A conflict of bindings is answered 422.', () =>
    onStatus(['bind'], { 409: 422 }),
  ),
]

const during: readonly Mutant[] = [
  mutant('bind-async-201', 'BIND-24 SYN-13', 'A binding that is still being made is answered 201.', () =>
    onStatus(['bind'], { 202: 201 }, () => ({ credentials: { user: 'later' } })),
  ),
  mutant('bind-unasked-202', 'SYN-10', 'A bind is answered 202 though nobody asked for it.', () =>
    unaskedAsync(['bind']),
  ),
  mutant('bind-repeat-other-operation', 'BIND-25', 'Each repeat of a bind has another `operation`.', () =>
    freshOperations(['bind']),
  ),
  mutant('bind-credentials-in-202', 'BIND-26', 'The 202 of a bind has credentials.', () =>
    onBody(['bind'], (body) => ({ ...body, credentials: { username: 'u', password: 'p' } }), [202]),
  ),
  mutant('bind-endpoints-in-202', 'BIND-26', 'The 202 of a bind has endpoints.', () =>
    onBody(['bind'], (body) => ({ ...body, endpoints: [{ host: 'db.test', ports: ['1'] }] }), [202]),
  ),
  mutant('bind-repeat-200-while-running', 'BIND-27', 'A repeat is answered 200 while the binding is being made.', () =>
    onRepeat(['bind'], 202, () => answer(200, { credentials: { username: 'early' } })),
  ),
  mutant(
    'bind-conflict-ignored-while-running',
    'BIND-30',
    'While the binding is made, other parameters are answered 202.',
    () => {
      const first = new Map<string, string>()
      return onAnswer(['bind'], (answered, { binding_id }) => {
        if (answered.status === 202) first.set(binding_id, answered.text)
        const running = first.get(binding_id)
        return answered.status === 409 && running !== undefined ? { ...answered, status: 202, text: running } : answered
      })
    },
  ),
  mutant(
    'bind-async-not-demanded',
    'BIND-34 BIND-12 SYN-11 SYN-10',
    'An asynchronous bind is answered 202 without `accepts_incomplete`.',
    () => asyncRequired(['bind'], 'go on'),
  ),
  mutant('bind-async-required-400', 'BIND-34 BIND-12 SYN-11', '`AsyncRequired` of binds is answered 400.', () =>
    asyncRequired(['bind'], 400),
  ),
  mutant('bind-async-required-no-code', 'BIND-34 ERR-08', '`AsyncRequired` of binds has no `error`.', () =>
    asyncRequired(['bind'], 'no code'),
  ),
  mutant('bind-operation-10001', 'BIND-40', 'The `operation` of a bind has 10,001 characters.', () =>
    longOperation(['bind']),
  ),
  mutant('bind-operation-number', 'BIND-40', 'The `operation` of a bind is a number.', () =>
    onBody(['bind'], (body) => ({ ...body, operation: 7 }), [202]),
  ),
]

const refused: readonly Mutant[] = [
  ...['service_id', 'plan_id'].map((field) =>
    mutant(
      `bind-without-${field.replace('_', '-')}-accepted`,
      'BIND-28',
      `A bind without \`${field}\` is accepted.`,
      () => missing(['bind'], field, 'accept'),
    ),
  ),
  mutant('bind-without-plan-id-500', 'BIND-28', 'A bind without `plan_id` is answered 500.', () =>
    missing(['bind'], 'plan_id', 500),
  ),
  mutant('bind-broken-json-accepted', 'BIND-28', 'A bind whose body is no JSON is answered 201.', () =>
    brokenBody(['bind'], 201),
  ),
  mutant('bind-parameters-unchecked', 'BIND-16', 'Parameters that the schema forbids are accepted.', () =>
    invalid(['bind']),
  ),
  mutant('bind-app-needed-400', 'BIND-31', 'A bind without an app, where one is needed, is answered 400.', () =>
    onAnswer(['bind'], (answered) =>
      bodyOf(answered)['error'] === 'RequiresApp' ? { ...answered, status: 400 } : answered,
    ),
  ),
  mutant('bind-app-needed-other-code', 'BIND-31 ERR-08', 'The code is `AppRequired`.', () =>
    onAnswer(['bind'], (answered) =>
      bodyOf(answered)['error'] === 'RequiresApp'
        ? withBody(answered, { ...bodyOf(answered), error: 'AppRequired' })
        : answered,
    ),
  ),
  mutant('bind-concurrent-409', 'BIND-33 BLK-02', 'A bind at the same time as another is answered 409.', () =>
    busyBinds(409, {}),
  ),
  mutant('bind-concurrent-429', 'BIND-33 BLK-02', 'A bind at the same time as another is answered 429.', () =>
    busyBinds(429, {}),
  ),
  mutant(
    'bind-concurrent-other-code',
    'BIND-33 BLK-02 ERR-08',
    'A bind at the same time as another is answered 422 `Concurrency`.',
    () => busyBinds(422, { error: 'Concurrency' }),
  ),
  mutant(
    'bind-refused-yet-made',
    'ERR-13',
    'A bind with invalid parameters is answered 400, but the binding is there.',
    () => async (call, next) => {
      const answered = await next(call)
      if (call.operation === 'bind' && answered.status === 400) {
        const { parameters: _dropped, ...body } = bodyOf(call)
        await next(withBody(call, body))
      }
      return answered
    },
  ),
]

/** While a bind of an instance runs, others are refused in a wrong way. */
function busyBinds(status: number, body: object) {
  const running = new Map<string, string>()
  return onAnswer(['bind', 'lastBindingOperation', 'unbind'], (answered, { operation, instance_id, binding_id }) => {
    const other = running.get(instance_id)
    if (operation === 'bind' && other !== undefined && other !== binding_id)
      return answer(status, { description: 'Another bind is running.', ...body })
    if (operation === 'bind' && answered.status === 202) running.set(instance_id, binding_id)
    if (operation !== 'bind' && other === binding_id && !answered.text.includes('in progress'))
      running.delete(instance_id)
    return answered
  })
}

/** Brokers that bind wrongly (BIND, and SYN, BLK, ERR where they concern it). */
export const bindMutants: readonly Mutant[] = [...success, ...during, ...refused]
