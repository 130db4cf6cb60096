import {
  acceptsIncomplete,
  type Answer,
  answer,
  bodyOf,
  type Call,
  type Fault,
  isSuccess,
  keyOf,
  type Next,
  onAnswer,
  onRequest,
  withBody,
} from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'
import { dropField, toDelete, withQuery } from './shared-faults.js'

/** The call at the same place of another instance, or of another binding. */
function elsewhere(call: Call, ids: { readonly instance_id?: string; readonly binding_id?: string }): Call {
  const { instance_id = call.instance_id, binding_id = call.binding_id } = ids
  const url = new URL(call.url)
  const [instance, binding] = [instance_id, binding_id].map(encodeURIComponent)
  url.pathname = url.pathname.replace(/[^/]+\/service_bindings\/[^/]+$/, `${instance}/service_bindings/${binding}`)
  return { ...call, instance_id, binding_id, url }
}

/** Bindings are known by their id alone, so that any instance leads to them. */
function bindingsWithoutInstance(operation: 'fetchBinding' | 'unbind', nothing: number): Fault {
  const homes = new Map<string, string>()
  return async (call, next) => {
    const answered = await next(call)
    if (call.operation === 'bind' && answered.status === 201) homes.set(call.binding_id, call.instance_id)
    const instance_id = homes.get(call.binding_id)
    const isMissed = call.operation === operation && answered.status === nothing && instance_id !== undefined
    return isMissed ? next(elsewhere(call, { instance_id })) : answered
  }
}

/** When a binding ends, the one that has replaced it ends with it. */
function successorsFall(): Fault {
  const successors = new Map<string, Call>()
  return async (call, next) => {
    const answered = await next(call)
    const { predecessor_binding_id: old } = bodyOf(call)
    if (call.operation === 'bind' && answered.status === 201 && typeof old === 'string') successors.set(old, call)
    const successor = successors.get(call.binding_id)
    if (call.operation === 'unbind' && answered.status === 200 && successor) await next(toDelete(successor))
    return answered
  }
}

/** A rotation takes the place of whatever has its id. */
async function rotationOverwrites(call: Call, next: Next): Promise<Answer> {
  const answered = await next(call)
  const isRotation = bodyOf(call)['predecessor_binding_id'] !== undefined
  if (call.operation !== 'bind' || !isRotation || answered.status !== 409) return answered
  await next(toDelete(call))
  return next(call)
}

/** Deletes of what an asynchronous delete has taken away are answered 200 as if there were something. */
function forgetsThatItIsGone(operation: 'deprovision' | 'unbind'): Fault {
  const deleted = new Set<string>()
  return onAnswer([operation], (answered, call) => {
    if (answered.status === 202) deleted.add(keyOf(call))
    return answered.status === 410 && deleted.has(keyOf(call)) ? answer(200) : answered
  })
}

const withoutBuild = (version: unknown): unknown => (typeof version === 'string' ? version.split('+')[0] : version)

/** Versions are compared as Semantic Versioning orders them, where what follows `+` does not count. */
async function comparesPrecedence(call: Call, next: Next): Promise<Answer> {
  const answered = await next(call)
  const { maintenance_info: info } = bodyOf(call)
  const isConflict = bodyOf(answered)['error'] === 'MaintenanceInfoConflict'
  const version = isConflict ? withoutBuild((info as { version?: unknown }).version) : undefined
  return version === '2.1.1' ? next(dropField(call, 'maintenance_info')) : answered
}

/** Polls with another plan than the instance has, or is to have, are refused. */
function comparesPlanOfPolls(): Fault {
  const plans = new Map<string, unknown>()
  return async (call, next) => {
    const known = plans.get(call.instance_id)
    const asked = call.url.searchParams.get('plan_id')
    if (call.operation === 'lastInstanceOperation' && asked !== null && known !== undefined && asked !== known)
      return answer(400, { description: 'This is not the plan of the instance.' })
    const answered = await next(call)
    const { plan_id } = bodyOf(call)
    const isChange = call.operation === 'provision' || call.operation === 'update'
    if (isChange && isSuccess(answered) && plan_id !== undefined) plans.set(call.instance_id, plan_id)
    return answered
  }
}

/** Repeats of a bind are compared as texts. */
function comparesBindsAsTexts(): Fault {
  const texts = new Map<string, string>()
  return async (call, next) => {
    const answered = await next(call)
    if (call.operation !== 'bind') return answered
    if (answered.status === 201) texts.set(keyOf(call), JSON.stringify(bodyOf(call)))
    const before = texts.get(keyOf(call))
    return answered.status === 200 && before !== undefined && before !== JSON.stringify(bodyOf(call))
      ? answer(409, { description: 'There is another such binding.' })
      : answered
  }
}

/** Polls of an update that is over are answered 410, as those of deletes may be. */
function updatesAreGone(): Fault {
  const updated = new Set<string>()
  return async (call, next) => {
    const answered = await next(call)
    if (call.operation === 'update' && answered.status === 202) updated.add(call.instance_id)
    if (call.operation === 'deprovision') updated.delete(call.instance_id)
    return call.operation === 'lastInstanceOperation' &&
      updated.has(call.instance_id) &&
      bodyOf(answered)['state'] === 'succeeded'
      ? withBody({ ...answered, status: 410 }, {})
      : answered
  }
}

/** Brokers that were written from the requirements alone, without sight of the checks that are to find them. */
export const unseenMutants: readonly Mutant[] = [
  mutant(
    'unbind-through-another-instance',
    'UNB-17',
    'A binding is deleted by way of an instance that is not its.',
    () => bindingsWithoutInstance('unbind', 410),
  ),
  mutant(
    'fetch-through-another-instance',
    'GETB-08',
    'A binding is fetched by way of an instance that is not its.',
    () => bindingsWithoutInstance('fetchBinding', 404),
  ),
  mutant(
    'successor-falls-with-the-old',
    'ROT-06',
    'The unbind of an old binding deletes the one that replaced it.',
    () => successorsFall(),
  ),
  mutant(
    'rotation-overwrites',
    'BIND-30',
    'A rotation takes the place of a binding that has its id.',
    () => rotationOverwrites,
  ),
  mutant('delete-after-async-delete-200', 'DEP-16', 'What was deleted asynchronously is deleted with 200 again.', () =>
    forgetsThatItIsGone('deprovision'),
  ),
  mutant('unbind-after-async-unbind-200', 'UNB-17', 'What was unbound asynchronously is unbound with 200 again.', () =>
    forgetsThatItIsGone('unbind'),
  ),
  mutant(
    'maintenance-without-build',
    'MNT-07',
    'A version that differs after `+` is taken for the same.',
    () => comparesPrecedence,
  ),
  mutant('accepts-incomplete-false-is-true', 'SYN-10', '`accepts_incomplete=false` is taken for true.', () =>
    onRequest(['provision', 'update', 'deprovision', 'bind', 'unbind'], (call) =>
      call.url.searchParams.has('accepts_incomplete') && !acceptsIncomplete(call)
        ? withQuery(call, 'accepts_incomplete', 'true')
        : call,
    ),
  ),
  mutant(
    'polls-of-the-old-plan-400',
    'LOI-08',
    'While the plan changes, polls with the old plan are answered 400.',
    () => comparesPlanOfPolls(),
  ),
  mutant('poll-of-update-410', 'LOI-12', 'A poll of an update that is over is answered 410.', () => updatesAreGone()),
  mutant('bind-repeat-other-order', 'BIND-22', 'A repeat with its keys in another order is answered 409.', () =>
    comparesBindsAsTexts(),
  ),
]
