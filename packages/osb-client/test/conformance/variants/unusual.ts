import { bearerAuth, type OfferingDefinition, type PlanDefinition } from 'osb-server'
import {
  acceptsIncomplete,
  answer,
  answerWhen,
  bodyOf,
  type Call,
  type Fault,
  isSuccess,
  keyOf,
  type Loose,
  onAnswer,
  onBody,
  together,
} from '../brokers/fault.js'
import { type LegalVariant, variant } from './variant.js'

const changed =
  (change: (plan: PlanDefinition, index: number) => PlanDefinition, more: Partial<OfferingDefinition> = {}) =>
  (offering: OfferingDefinition): OfferingDefinition => ({ ...offering, ...more, plans: offering.plans.map(change) })

/** What is done at once with all else takes its time with these, and is over with the third poll. */
function slowDeletes(deletes: readonly string[], polled: string): Fault {
  const ending = new Map<string, number>()
  return async (call, next) => {
    const key = keyOf(call)
    const left = ending.get(key)
    if (call.operation === polled && left !== undefined) {
      ending.set(key, left - 1)
      return left > 0 ? answer(200, { state: 'in progress' }) : answer(410)
    }
    if (!deletes.includes(call.operation ?? '')) return next(call)
    if (left !== undefined && left > 0) return answer(202)
    if (acceptsIncomplete(call)) return begin(key, await next(call))
    // With what is not there, or not to be deleted, there is nothing to wait for.
    const isThere = call.operation === 'unbind' || (await next({ ...call, ...fetched(call) })).status === 200
    return isThere && call.url.searchParams.has('service_id') && call.url.searchParams.has('plan_id')
      ? answer(422, { error: 'AsyncRequired', description: 'Deletes take their time.' })
      : next(call)
  }

  function begin(key: string, answered: Awaited<ReturnType<typeof answer>>) {
    if (answered.status !== 200) return answered
    ending.set(key, 2)
    return answer(202)
  }
}

/** The fetch of what a delete is about. */
function fetched(call: Call): Pick<Call, 'method' | 'operation'> {
  return { method: 'GET', operation: call.operation === 'unbind' ? 'fetchBinding' : 'fetchInstance' }
}

/** A delete of what is still being made is over when it is answered (DEP-05, UNB-05). */
function stopsAtOnce(): Fault {
  const making = new Set<string>()
  return async (call, next) => {
    const answered = await next(call)
    const { operation } = call
    const key = keyOf(call)
    if ((operation === 'provision' || operation === 'bind') && answered.status === 202) making.add(key)
    if (operation?.startsWith('last') && bodyOf(answered)['state'] !== 'in progress') making.delete(key)
    const isDelete = operation === 'deprovision' || operation === 'unbind'
    if (!isDelete || answered.status !== 202 || !making.delete(key)) return answered
    for (let poll = 0; poll < mostPolls; poll++) {
      const url = new URL(`${call.url.pathname}/last_operation`, call.url)
      const { status, text } = await next({ ...call, method: 'GET', url })
      if (status !== 200 || bodyOf({ text })['state'] !== 'in progress') return answer(200)
    }
    return answered
  }
}

const mostPolls = 20

/** Who sends parameters, which no plan has, is told so. */
const noParameters: Fault = (call, next) => {
  const { parameters } = bodyOf(call)
  const isGiven = typeof parameters === 'object' && parameters !== null && Object.keys(parameters).length > 0
  return isGiven ? refuseKnown(call, next) : next(call)
}

const refuseKnown: Fault = async (call, next) => {
  const { parameters: _refused, ...others } = bodyOf(call)
  const bare = await next({ ...call, text: JSON.stringify(others) })
  // What is refused without parameters is refused for that; else nothing may be made of it.
  return isSuccess(bare) ? answer(400, { description: 'There are no parameters.' }) : bare
}

/** Updates are not supported at all. */
const noUpdates = (): Fault =>
  onAnswer(['update'], (answered) =>
    isSuccess(answered) || answered.status === 422
      ? answer(422, { description: 'Instances of this service cannot be updated.' })
      : answered,
  )

const long = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length)).slice(0, length)

/** Everything that may be long is as long as it may be, and metadata are longer. */
function longTexts(body: Loose): Loose {
  const lengthen = (entry: Loose): Loose => ({
    ...entry,
    description: long('Ein sehr langer Text. ', 255),
    metadata: { ...(entry['metadata'] as Loose), longDescription: long('Noch länger. ', 20_000), 'vendor:x': [[{}]] },
    'vendor.test/bulk': long('x', 5_000),
  })
  const services = (body['services'] as Loose[]).map((service) => ({
    ...lengthen(service),
    tags: Array.from({ length: 50 }, (_none, index) => long(`tag-${index}-`, 255)),
    plans: (service['plans'] as Loose[]).map(lengthen),
  }))
  return { ...body, services, 'vendor.test/extra': null }
}

const token = 'a-token.with_all~kinds+of/characters=='

/** Correct brokers that combine choices which are seldom met with. */
export const unusualVariants: readonly LegalVariant[] = [
  variant('only-deletes-are-asynchronous', 'Creates are synchronous, deletes of both kinds are not (SYN-09, SYN-11).', {
    only: ['sql', 'apps'],
    liberty: () =>
      together(slowDeletes(['deprovision'], 'lastInstanceOperation'), slowDeletes(['unbind'], 'lastBindingOperation')),
  }),
  variant('creations-stop-at-once', 'A delete of what is being made is answered 200 (DEP-05, UNB-05).', {
    only: ['cluster'],
    liberty: stopsAtOnce,
  }),
  variant('no-parameters-at-all', 'Plans have no schemas, and any parameter is answered 400 (PROV-18).', {
    change: changed(({ parameters: _none, ...plan }) => plan),
    liberty: () => noParameters,
  }),
  variant('no-updates-at-all', 'Whatever an update asks for is answered 422 (UPD-29).', {
    change: changed(
      ({ parameters, plan_updateable: _none, maintenance_info: _info, ...plan }) => ({
        ...plan,
        parameters: parameters?.provision ? { provision: parameters.provision } : {},
      }),
      { plan_updateable: false, allow_context_updates: false },
    ),
    liberty: noUpdates,
  }),
  variant('long-texts', 'The catalog is large: texts of 255 characters, long metadata, fields of a vendor (CAT-09).', {
    liberty: () => onBody(['catalog'], longTexts),
  }),
  variant('deep-path-token-and-412', 'The routes are deep below a path, logins are tokens, other versions get 412.', {
    basePath: '/a%20b/v2/brokers/~one',
    auth: bearerAuth({ verify: (sent) => Promise.resolve(sent === token ? 'platform' : undefined) }),
    login: { token },
    minimumApiVersion: '2.17',
    requireOrganizationAndSpace: true,
  }),
  variant('endpoints-without-credentials', 'A service without logins gives endpoints only (BIND-43).', {
    only: ['sql', 'cluster'],
    change: (offering) => ({
      ...offering,
      bind: () => Promise.resolve({ endpoints: [{ host: 'open.reference.test', ports: ['53'], protocol: 'udp' }] }),
    }),
  }),
  variant('maintenance-of-one-plan', 'One plan has maintenance information, the others have none (MNT-01).', {
    change: changed(({ maintenance_info, ...plan }, index) =>
      index === 0 && maintenance_info ? { ...plan, maintenance_info: { version: '0.0.0-rc.1' } } : plan,
    ),
  }),
  variant('changeable-by-plan', 'Offerings say nothing of plan changes, one plan allows them (CAT-39).', {
    only: ['sql', 'cluster'],
    change: (offering) => {
      const { plan_updateable: _none, ...others } = offering
      return changed((plan, index) => ({ ...plan, plan_updateable: index === 1 }))(others)
    },
  }),
  variant('busy-with-everything', 'One thing at a time: what can be refused for another operation is (BLK-02).', {
    only: ['sql', 'cluster'],
    change: (offering) => ({
      ...offering,
      serialBindings: true,
      fetchDuringUpdate: 'refuse',
      deprovisionWithBindings: 'refuse',
    }),
    pollsUntilDone: 5,
  }),
  variant('over-with-the-first-poll', 'What is answered 202 is over when it is first polled.', {
    only: ['cluster'],
    pollsUntilDone: 1,
    liberty: () => onBody(['update', 'deprovision', 'unbind'], ({ operation: _none, ...body }) => body, [202]),
  }),
  variant('unsupported-methods-404', 'Updates and fetches that the catalog does not offer are answered 404 (A22).', {
    only: ['plain'],
    liberty: () =>
      answerWhen(
        ['update', 'fetchInstance', 'bind', 'unbind', 'fetchBinding', 'lastBindingOperation'],
        () => true,
        () => answer(404, { description: 'There is no such path.' }),
      ),
  }),
]
