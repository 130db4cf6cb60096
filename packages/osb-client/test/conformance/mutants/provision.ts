import { answer, answerWhen, bodyOf, type Loose, onRequest, onStatus, withBody } from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'
import {
  asyncRequired,
  brokenBody,
  dropField,
  freshOperations,
  invalid,
  maintenance,
  missing,
  onRepeat,
  unaskedAsync,
  undoneAtOnce,
} from './shared-faults.js'

const success: readonly Mutant[] = [
  mutant('provision-200', 'PROV-13 SYN-05', 'A new instance is answered 200.', () =>
    onStatus(['provision'], { 201: 200 }),
  ),
  mutant('provision-204', 'PROV-13 ERR-02', 'A new instance is answered 204 without a body.', () =>
    onStatus(['provision'], { 201: 204 }),
  ),
  mutant('provision-does-nothing', 'PROV-01 GETI-01', 'A provision is answered 201, but there is no instance.', () =>
    undoneAtOnce(['provision']),
  ),
  mutant('provision-repeat-201', 'PROV-12 PROV-13', 'An identical repeat is answered 201.', () =>
    onStatus(['provision'], { 200: 201 }),
  ),
  mutant('provision-repeat-409', 'PROV-12', 'An identical repeat is answered 409.', () =>
    onStatus(['provision'], { 200: 409 }, () => ({ description: 'There is such an instance.' })),
  ),
  mutant('provision-repeat-422', 'PROV-12', 'An identical repeat is answered 422.', () =>
    onStatus(['provision'], { 200: 422 }, () => ({ description: 'There is such an instance.' })),
  ),
  mutant(
    'provision-repeat-compares-text',
    'PROV-12',
    'A repeat with its keys in another order is answered 409.',
    () => {
      const first = new Map<string, string>()
      return async (call, next) => {
        const before = first.get(call.instance_id)
        const answered = await next(call)
        if (call.operation !== 'provision') return answered
        if (answered.status === 201) first.set(call.instance_id, call.text)
        return answered.status === 200 && before !== undefined && before !== call.text
          ? answer(409, { description: 'There is another instance of this id.' })
          : answered
      }
    },
  ),
  mutant('provision-conflict-200', 'PROV-19', 'Other parameters for the same id are answered 200.', () =>
    onStatus(['provision'], { 409: 200 }, () => ({})),
  ),
  mutant('provision-conflict-201', 'PROV-19 PROV-13', 'Other parameters for the same id are answered 201.', () =>
    onStatus(['provision'], { 409: 201 }, () => ({})),
  ),
  mutant('provision-conflict-422', 'PROV-19', 'A conflict is answered 422.', () =>
    onStatus(['provision'], { 409: 422 }),
  ),
  mutant('provision-conflict-of-plans-200', 'PROV-19', 'Another plan for the same id is answered 200.', () => {
    const plans = new Map<string, unknown>()
    return async (call, next) => {
      const answered = await next(call)
      if (call.operation !== 'provision') return answered
      const plan = bodyOf(call)['plan_id']
      const before = plans.get(call.instance_id)
      if (answered.status === 201 || answered.status === 202) plans.set(call.instance_id, plan)
      return answered.status === 409 && before !== plan ? answer(200) : answered
    }
  }),
]

const during: readonly Mutant[] = [
  mutant(
    'provision-conflict-ignored-while-running',
    'PROV-19',
    'While the instance is made, other parameters are answered 202.',
    () => {
      const first = new Map<string, string>()
      return async (call, next) => {
        const answered = await next(call)
        if (call.operation !== 'provision') return answered
        if (answered.status === 202) first.set(call.instance_id, answered.text)
        const running = first.get(call.instance_id)
        return answered.status === 409 && running !== undefined ? { ...answered, status: 202, text: running } : answered
      }
    },
  ),
  mutant('provision-unasked-202', 'SYN-10', 'A provision is answered 202 though nobody asked for it.', () =>
    unaskedAsync(['provision']),
  ),
  mutant('provision-async-201', 'PROV-14 SYN-13 SYN-03', 'An instance that is still being made is answered 201.', () =>
    onStatus(['provision'], { 202: 201 }),
  ),
  mutant('provision-async-200', 'PROV-14 SYN-13', 'An instance that is still being made is answered 200.', () =>
    onStatus(['provision'], { 202: 200 }),
  ),
  mutant('provision-repeat-other-operation', 'PROV-15', 'Each repeat has another `operation`.', () =>
    freshOperations(['provision']),
  ),
  mutant(
    'provision-repeat-200-while-running',
    'PROV-16',
    'A repeat is answered 200 while the instance is being made.',
    () => onRepeat(['provision'], 202, () => answer(200)),
  ),
  mutant(
    'provision-repeat-422-while-running',
    'PROV-16',
    'A repeat is answered 422 `ConcurrencyError` while the instance is being made.',
    () => onRepeat(['provision'], 202, () => answer(422, { error: 'ConcurrencyError', description: 'Wait.' })),
  ),
  mutant(
    'provision-async-not-demanded',
    'PROV-20 PROV-05 SYN-11 SYN-10',
    'An asynchronous plan is answered 202 without `accepts_incomplete`.',
    () => asyncRequired(['provision'], 'go on'),
  ),
  mutant('provision-async-required-400', 'PROV-20 SYN-11 PROV-05', '`AsyncRequired` is answered 400.', () =>
    asyncRequired(['provision'], 400),
  ),
  mutant('provision-async-required-no-code', 'PROV-20 ERR-08 SYN-11', 'The refusal has no `error`.', () =>
    asyncRequired(['provision'], 'no code'),
  ),
  mutant('provision-false-is-true', 'SYN-10 SYN-11', '`accepts_incomplete=false` is taken for true.', () =>
    onRequest(['provision'], (call) => {
      const url = new URL(call.url)
      if (url.searchParams.has('accepts_incomplete')) url.searchParams.set('accepts_incomplete', 'true')
      return { ...call, url }
    }),
  ),
]

const refused: readonly Mutant[] = [
  ...['service_id', 'plan_id'].map((field) =>
    mutant(
      `provision-without-${field.replace('_', '-')}-accepted`,
      'PROV-17',
      `A provision without \`${field}\` is accepted.`,
      () => missing(['provision'], field, 'accept'),
    ),
  ),
  mutant('provision-without-plan-id-500', 'PROV-17', 'A provision without `plan_id` is answered 500.', () =>
    missing(['provision'], 'plan_id', 500),
  ),
  mutant('provision-without-service-id-422', 'PROV-17', 'A provision without `service_id` is answered 422.', () =>
    missing(['provision'], 'service_id', 422),
  ),
  mutant('provision-broken-json-accepted', 'PROV-17', 'A provision whose body is no JSON is answered 201.', () =>
    brokenBody(['provision'], 201),
  ),
  mutant('provision-of-array-accepted', 'PROV-17', 'A provision whose body is an array is answered 500.', () =>
    answerWhen(
      ['provision'],
      ({ text }) => text.trimStart().startsWith('['),
      () => answer(500, { description: 'Oh.' }),
    ),
  ),
  mutant('provision-parameters-unchecked', 'PROV-11', 'Parameters that the schema forbids are accepted.', () =>
    invalid(['provision']),
  ),
  mutant('provision-maintenance-unchecked', 'PROV-22 MNT-07', 'A maintenance version of another age is accepted.', () =>
    maintenance(['provision'], 'accept'),
  ),
  mutant('provision-maintenance-409', 'PROV-22 MNT-07', 'A maintenance conflict is answered 409.', () =>
    maintenance(['provision'], 409),
  ),
  mutant('provision-maintenance-other-code', 'PROV-22 ERR-08 MNT-07', 'A maintenance conflict has another code.', () =>
    maintenance(['provision'], 'other code'),
  ),
  mutant(
    'provision-maintenance-ignores-build',
    'MNT-07 PROV-22',
    'Build metadata of the maintenance version is not compared.',
    () =>
      onRequest(['provision'], (call) => {
        const info = bodyOf(call)['maintenance_info'] as Loose | undefined
        return String(info?.['version']).split('+')[0] === '2.1.1' ? dropField(call, 'maintenance_info') : call
      }),
  ),
  mutant(
    'provision-maintenance-compares-description',
    'MNT-06',
    'The description in `maintenance_info` is compared, too.',
    () =>
      answerWhen(
        ['provision'],
        (call) => {
          const info = bodyOf(call)['maintenance_info'] as Loose | undefined
          return info?.['version'] === '2.1.1+abcdef' && Object.keys(info).some((name) => name !== 'version')
        },
        () => answer(422, { error: 'MaintenanceInfoConflict', description: 'Other maintenance.' }),
      ),
  ),
  mutant(
    'provision-refused-yet-made',
    'ERR-13',
    'A provision with invalid parameters is answered 400, but the instance is there.',
    () => async (call, next) => {
      const answered = await next(call)
      if (call.operation === 'provision' && answered.status === 400) await next(dropField(call, 'parameters'))
      return answered
    },
  ),
  mutant(
    'provision-conflict-yet-changed',
    'ERR-13',
    'A provision is answered 409, but the parameters are changed.',
    () => {
      const changed = new Map<string, unknown>()
      return async (call, next) => {
        const answered = await next(call)
        if (call.operation === 'provision' && answered.status === 409)
          changed.set(call.instance_id, bodyOf(call)['parameters'])
        return call.operation === 'fetchInstance' && answered.status === 200 && changed.has(call.instance_id)
          ? withBody(answered, { ...bodyOf(answered), parameters: changed.get(call.instance_id) ?? {} })
          : answered
      }
    },
  ),
]

/** Brokers that provision wrongly (PROV, and SYN, MNT, ERR where they concern it). */
export const provisionMutants: readonly Mutant[] = [...success, ...during, ...refused]
