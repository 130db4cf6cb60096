import {
  answer,
  answerWhen,
  bodyOf,
  namedCodes,
  isSuccess,
  type Loose,
  onAnswer,
  onBody,
  onStatus,
  withBody,
} from '../brokers/fault.js'
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
} from './shared-faults.js'
import { isTaken, planChange, shownAfter } from './update-faults.js'

const success: readonly Mutant[] = [
  mutant('update-201', 'UPD-22', 'An update is answered 201.', () => onStatus(['update'], { 200: 201 })),
  mutant('update-204', 'UPD-22', 'An update is answered 204 without a body.', () => onStatus(['update'], { 200: 204 })),
  mutant('update-without-body', 'UPD-22', 'An update is answered 200 with an empty body.', () =>
    onAnswer(['update'], (answered) => (answered.status === 200 ? { ...answered, text: '' } : answered)),
  ),
  mutant('update-changes-nothing', 'UPD-22', 'An update is answered 200, but a fetch shows the old parameters.', () =>
    shownAfter(
      ({ parameters }, status) => parameters !== undefined && isTaken(status),
      ({ parameters: _new, ...fetched }) => ({ ...fetched, parameters: {} }),
    ),
  ),
  mutant('update-keeps-plan', 'UPD-22', 'A change of the plan is answered 200, but a fetch shows the old plan.', () => {
    const old = new Map<string, unknown>()
    return onAnswer(['provision', 'fetchInstance'], (answered, call) => {
      if (call.operation === 'provision' && isSuccess(answered)) old.set(call.instance_id, bodyOf(call)['plan_id'])
      const plan_id = old.get(call.instance_id)
      return call.operation === 'fetchInstance' && answered.status === 200 && plan_id !== undefined
        ? withBody(answered, { ...bodyOf(answered), plan_id })
        : answered
    })
  }),
  mutant('update-without-plan-changes-it', 'UPD-12', 'An update without `plan_id` changes the plan.', () =>
    shownAfter(
      (body, status) => !planChange(body) && isTaken(status),
      (fetched) => ({ ...fetched, plan_id: '5f3c1a00-7b1e-4c1d-9a52-000000000103' }),
    ),
  ),
  mutant('update-without-parameters-clears-them', 'UPD-20', 'An update without `parameters` clears them.', () =>
    shownAfter(
      ({ parameters }, status) => parameters === undefined && isTaken(status),
      (fetched) => ({ ...fetched, parameters: {} }),
    ),
  ),
  mutant('update-dashboard-late', 'UPD-42', 'A new dashboard is first heard of in a fetch after the update.', () =>
    shownAfter(
      (_body, status) => isTaken(status),
      (fetched) => ({ ...fetched, dashboard_url: 'https://dashboard.test/new' }),
    ),
  ),
  mutant('update-dashboard-shared', 'UPD-41', 'Updates bring a dashboard URL that says nothing of the instance.', () =>
    onBody(['update'], (body) => ({ ...body, dashboard_url: 'https://dashboard.test/' })),
  ),
  mutant('context-update-400', 'UPD-02', 'Context updates are declared, but refused.', () =>
    answerWhen(
      ['update'],
      (call) => {
        const { context, service_id: _service, previous_values: _values, ...others } = bodyOf(call)
        return context !== undefined && Object.keys(others).length === 0
      },
      () => answer(400, { description: 'Nothing to do.' }),
    ),
  ),
]

const during: readonly Mutant[] = [
  mutant('update-async-200', 'UPD-24 SYN-13', 'An update that is still running is answered 200.', () =>
    onStatus(['update'], { 202: 200 }),
  ),
  mutant('update-unasked-202', 'SYN-10', 'An update is answered 202 though nobody asked for it.', () =>
    unaskedAsync(['update']),
  ),
  mutant('update-repeat-other-operation', 'UPD-25', 'Each repeat of an update has another `operation`.', () =>
    freshOperations(['update']),
  ),
  mutant('update-repeat-200-while-running', 'UPD-26', 'A repeat is answered 200 while the update runs.', () =>
    onRepeat(['update'], 202, () => answer(200)),
  ),
  mutant(
    'update-async-not-demanded',
    'UPD-30 UPD-09 SYN-11 SYN-10',
    'An asynchronous update is answered 202 without `accepts_incomplete`.',
    () => asyncRequired(['update'], 'go on'),
  ),
  mutant('update-async-required-400', 'UPD-30 UPD-09 SYN-11', '`AsyncRequired` of updates is answered 400.', () =>
    asyncRequired(['update'], 400),
  ),
  mutant('update-async-required-no-code', 'UPD-30 ERR-08', '`AsyncRequired` of updates has no `error`.', () =>
    asyncRequired(['update'], 'no code'),
  ),
  mutant('update-operation-empty', 'UPD-46', 'The `operation` of an update is empty.', () =>
    onBody(['update'], (body) => ({ ...body, operation: '' }), [202]),
  ),
  mutant('update-operation-null', 'UPD-46', 'The `operation` of an update is null.', () =>
    onBody(['update'], (body) => ({ ...body, operation: null }), [202]),
  ),
]

const forbidden = (status: number, body: object) => () =>
  onAnswer(['update'], (answered, call) =>
    answered.status === 422 && planChange(bodyOf(call)) && !namedCodes.includes(bodyOf(answered)['error'])
      ? answer(status, body)
      : answered,
  )

const refused: readonly Mutant[] = [
  mutant('update-without-service-id-accepted', 'UPD-27', 'An update without `service_id` is accepted.', () =>
    missing(['update'], 'service_id', 'accept'),
  ),
  mutant('update-without-service-id-500', 'UPD-27', 'An update without `service_id` is answered 500.', () =>
    missing(['update'], 'service_id', 500),
  ),
  mutant('update-broken-json-accepted', 'UPD-27', 'An update whose body is no JSON is answered 200.', () =>
    brokenBody(['update'], 200),
  ),
  mutant('update-parameters-unchecked', 'UPD-13', 'Parameters that the schema forbids are accepted.', () =>
    invalid(['update']),
  ),
  mutant('update-maintenance-unchecked', 'UPD-32 MNT-10', 'A maintenance version of another age is accepted.', () =>
    maintenance(['update'], 'accept'),
  ),
  mutant('update-maintenance-409', 'UPD-32 MNT-10', 'A maintenance conflict is answered 409.', () =>
    maintenance(['update'], 409),
  ),
  mutant('update-maintenance-other-code', 'UPD-32 ERR-08 MNT-10', 'A maintenance conflict has another code.', () =>
    maintenance(['update'], 'other code'),
  ),
  mutant(
    'update-maintenance-compares-description',
    'MNT-09',
    'The description in `maintenance_info` is compared, too.',
    () =>
      answerWhen(
        ['update'],
        (call) => {
          const info = bodyOf(call)['maintenance_info'] as Loose | undefined
          return info?.['version'] === '2.1.1+abcdef' && Object.keys(info).some((name) => name !== 'version')
        },
        () => answer(422, { error: 'MaintenanceInfoConflict', description: 'Other maintenance.' }),
      ),
  ),
  mutant(
    'update-of-fixed-plan-accepted',
    'UPD-03 UPD-29',
    'A plan that cannot be changed is changed.',
    forbidden(200, {}),
  ),
  mutant(
    'update-of-fixed-plan-400',
    'UPD-29',
    'A change of plan that is not supported is answered 400.',
    forbidden(400, { description: 'This plan is fixed.' }),
  ),
  mutant(
    'update-of-fixed-plan-409',
    'UPD-29',
    'A change of plan that is not supported is answered 409.',
    forbidden(409, { description: 'This plan is fixed.' }),
  ),
  mutant(
    'update-of-fixed-plan-without-reason',
    'UPD-07',
    'A change of plan that is not supported is refused without a word.',
    forbidden(422, {}),
  ),
  mutant(
    'update-refused-yet-applied',
    'UPD-35 ERR-13',
    'Parameters of an update that was answered 400 are shown by a fetch.',
    () =>
      shownAfter(
        ({ parameters }, status) => status === 400 && parameters !== undefined,
        (fetched, { parameters }) => ({ ...fetched, parameters }),
      ),
  ),
  mutant('update-conflict-yet-applied', 'UPD-35 ERR-13', 'An update that was answered 422 has changed the plan.', () =>
    shownAfter(
      (body, status) => status === 422 && planChange(body),
      (fetched, { plan_id }) => ({ ...fetched, plan_id }),
    ),
  ),
  mutant(
    'update-half-applied',
    'UPD-35 ERR-13',
    'An update to a wrong maintenance version is refused, but its parameters are set.',
    () => async (call, next) => {
      const answered = await next(call)
      if (call.operation === 'update' && answered.status === 422)
        await next(dropField(dropField(call, 'maintenance_info'), 'plan_id'))
      return answered
    },
  ),
  mutant(
    'update-empty-parameters-clear',
    'UPD-20',
    'An update without `parameters` is taken for one with empty parameters, which clear.',
    () =>
      shownAfter(
        (body, status) => !('parameters' in body) && isTaken(status),
        ({ parameters: _cleared, ...fetched }) => ({ ...fetched, parameters: {} }),
      ),
  ),
  mutant(
    'update-previous-plan-compared',
    'LOI-08',
    'A poll with the plan from before the update is answered 400.',
    () => {
      const updated = new Map<string, unknown>()
      return async (call, next) => {
        const answered = await next(call)
        if (call.operation === 'update' && isTaken(answered.status) && planChange(bodyOf(call)))
          updated.set(call.instance_id, bodyOf(call)['plan_id'])
        const now = updated.get(call.instance_id)
        const asked = call.url.searchParams.get('plan_id')
        return call.operation === 'lastInstanceOperation' && now !== undefined && asked !== null && asked !== now
          ? answer(400, { description: 'This is not the plan of the instance.' })
          : answered
      }
    },
  ),
]

/** Brokers that update wrongly (UPD, and SYN, MNT, ERR where they concern it). */
export const updateMutants: readonly Mutant[] = [...success, ...during, ...refused]
