import { bearerAuth, noAuth, type OfferingDefinition, type PlanDefinition } from 'osb-server'
import { answer, answerWhen, everything, keyOf, type Loose, onAnswer, onBody, onRequest } from '../brokers/fault.js'
import { withQuery } from '../mutants/shared-faults.js'
import { type LegalVariant, variant } from './variant.js'

const plansChanged =
  (change: (plan: PlanDefinition) => PlanDefinition) =>
  (offering: OfferingDefinition): OfferingDefinition => ({ ...offering, plans: offering.plans.map(change) })

const offeringWith =
  (more: Partial<OfferingDefinition>) =>
  (offering: OfferingDefinition): OfferingDefinition => ({ ...offering, ...more })

const token = 'opaque-token-of-the-platform'

const requests: readonly LegalVariant[] = [
  variant('reference', 'Every feature of the specification.'),
  variant('no-version-check', 'The version header is not looked at (VER-04).', { requireApiVersion: false }),
  variant('version-412', 'Only 2.17 is served, other versions are answered 412 (VER-03).', {
    minimumApiVersion: '2.17',
  }),
  variant('missing-version-412', 'A request without a version is answered 412.', {
    liberty: () =>
      answerWhen(
        everything,
        ({ headers }) => !headers.has('x-broker-api-version') && headers.has('authorization'),
        () => answer(412, { description: 'Send X-Broker-API-Version: 2.17.' }),
      ),
  }),
  variant('no-auth', 'There is no authentication (AUTH-06).', { auth: noAuth(), login: 'none' }),
  variant('bearer', 'Platforms come with a token (AUTH-05).', {
    auth: bearerAuth({ verify: (sent) => Promise.resolve(sent === token ? 'platform' : undefined) }),
    login: { token },
  }),
  variant('mounted-at-a-path', 'The routes are below a path (GEN-02).', { basePath: '/brokers/one' }),
  variant('any-content-type', 'A body of any content type is read as JSON (CT-02).', { lenientContentType: true }),
  variant('demands-organization-and-space', 'A provision needs `organization_guid` and `space_guid` (PROV-09).', {
    requireOrganizationAndSpace: true,
  }),
  variant('unknown-instance-400', 'Updates and binds of an unknown instance are answered 400 (A1).', {
    liberty: () => unknownInstance(400),
  }),
  variant('unknown-instance-410', 'Updates and binds of an unknown instance are answered 410 (A1).', {
    liberty: () => unknownInstance(410),
  }),
  variant('other-ids-422', 'Deletes with ids of another plan are answered 422 (A3).', {
    liberty: () => async (call, next) => {
      const answered = await next(call)
      const isDelete = call.operation === 'deprovision' || call.operation === 'unbind'
      return isDelete &&
        answered.status === 400 &&
        call.url.searchParams.has('plan_id') &&
        call.url.searchParams.has('service_id')
        ? answer(422, { description: 'These are not its ids.' })
        : answered
    },
  }),
  variant('gone-before-malformed', 'A delete of something unknown is answered 410, even without the ids (T08).', {
    liberty: () => {
      const known = new Set<string>()
      return async (call, next) => {
        const { operation, url, headers } = call
        const isDelete = operation === 'deprovision' || operation === 'unbind'
        const isWhole = url.searchParams.has('service_id') && url.searchParams.has('plan_id')
        if (isDelete && !isWhole && headers.has('authorization') && !known.has(keyOf(call))) return answer(410)
        const answered = await next(call)
        if (operation === 'provision' || operation === 'bind') known.add(keyOf(call))
        return answered
      }
    },
  }),
  variant('accepts-incomplete-any-case', '`accepts_incomplete=TRUE` is taken for true (A13).', {
    liberty: () =>
      onRequest(everything, (call) => {
        const asked = call.url.searchParams.get('accepts_incomplete')
        return asked === null ? call : withQuery(call, 'accepts_incomplete', asked.toLowerCase())
      }),
  }),
]

const unknownInstance = (status: number) =>
  onAnswer(['update', 'bind'], (answered) => (answered.status === 404 ? { ...answered, status } : answered))

const modes: readonly LegalVariant[] = [
  variant('sync-only', 'Everything is done at once (SYN-09).', {
    only: ['sql', 'drain', 'route', 'volume', 'apps', 'plain'],
  }),
  variant('async-only', 'Nothing is done at once (SYN-11).', { only: ['cluster'] }),
  variant('async-deletes-refused-while-made', 'What is being made cannot be deleted: 422 (DEP-19, UNB-20).', {
    liberty: () => noOvertaking(),
  }),
  variant('fetch-refused-during-update', 'While an update runs, a fetch is answered 422 (GETI-10).', {
    change: offeringWith({ fetchDuringUpdate: 'refuse' }),
  }),
  variant('serial-bindings', 'One binding of an instance at a time (BLK-05).', {
    change: offeringWith({ serialBindings: true }),
  }),
  variant('instances-with-bindings-stay', 'An instance with bindings cannot be deleted (A2).', {
    change: offeringWith({ deprovisionWithBindings: 'refuse' }),
  }),
  variant('finished-async-repeat-409', 'A repeat of an asynchronous provision that has ended is answered 409 (A5).', {
    liberty: () => {
      const asynchronous = new Set<string>()
      return onAnswer(['provision', 'bind'], (answered, call) => {
        if (answered.status === 202) asynchronous.add(keyOf(call))
        return answered.status === 200 && asynchronous.has(keyOf(call))
          ? answer(409, { description: 'It is there.' })
          : answered
      })
    },
  }),
]

/** A delete of what is being made is refused. */
function noOvertaking() {
  const creating = new Set<string>()
  return async (...[call, next]: Parameters<ReturnType<typeof onRequest>>) => {
    const isDelete = call.operation === 'deprovision' || call.operation === 'unbind'
    if (isDelete && creating.has(keyOf(call)))
      return answer(422, { error: 'ConcurrencyError', description: 'It is being made.' })
    const answered = await next(call)
    if (call.operation === 'provision' || call.operation === 'bind') {
      if (answered.status === 202) creating.add(keyOf(call))
    } else if (call.operation === 'lastInstanceOperation' || call.operation === 'lastBindingOperation') {
      if (!answered.text.includes('in progress')) creating.delete(keyOf(call))
    }
    return answered
  }
}

const catalogs: readonly LegalVariant[] = [
  variant('no-fetch', 'Nothing can be fetched (GETI-01, GETB-01).', {
    only: ['sql', 'drain', 'plain'],
    change: offeringWith({ instances_retrievable: false, bindings_retrievable: false }),
  }),
  variant('no-fetch-of-instances', 'Bindings can be fetched, instances cannot.', {
    change: offeringWith({ instances_retrievable: false }),
  }),
  variant('no-fetch-and-405', 'What is not declared retrievable is answered 405 (A17).', {
    only: ['sql', 'plain'],
    change: offeringWith({ instances_retrievable: false, bindings_retrievable: false }),
    liberty: () =>
      answerWhen(
        ['fetchInstance', 'fetchBinding'],
        ({ headers }) => headers.has('authorization'),
        () => answer(405, { description: 'No such method.' }),
      ),
  }),
  variant('single-plan', 'There is one offering with one plan.', {
    only: ['sql'],
    change: (offering) => ({ ...offering, plans: offering.plans.slice(0, 1) }),
  }),
  variant('plain-only', 'An offering that can be neither bound, fetched nor updated.', { only: ['plain'] }),
  variant('empty-catalog', 'There is no offering (CAT-16).', {
    liberty: () => onBody(['catalog'], () => ({ services: [] })),
  }),
  variant('no-schemas', 'Plans have no schemas, any parameters are taken.', {
    change: plansChanged(({ parameters: _none, ...plan }) => plan),
  }),
  variant('schemas-of-other-drafts', 'Schemas are of drafts 7 and 2020-12, with references inside (SCH-02).', {
    change: plansChanged((plan) => ({ ...plan, parameters: laterDrafts })),
  }),
  variant('no-maintenance', 'Plans have no `maintenance_info`.', {
    change: plansChanged(({ maintenance_info: _none, ...plan }) => plan),
  }),
  variant('not-updateable', 'Plans cannot be changed (CAT-27).', {
    change: (offering) =>
      plansChanged(({ plan_updateable: _none, ...plan }) => plan)({ ...offering, plan_updateable: false }),
  }),
  variant('no-context-updates', 'A change of context is not wanted (UPD-02).', {
    change: offeringWith({ allow_context_updates: false }),
  }),
  variant('not-bindable', 'Nothing can be bound (BIND-04).', {
    only: ['sql', 'cluster', 'plain'],
    change: (offering) => plansChanged(({ bindable: _none, ...plan }) => plan)({ ...offering, bindable: false }),
  }),
  variant('bindable-by-plan', 'Offerings are not bindable, some of their plans are (CAT-37).', {
    only: ['sql', 'cluster'],
    change: (offering) => ({
      ...offering,
      bindable: false,
      plans: offering.plans.map((plan) => ({ ...plan, bindable: plan.name !== 'unbindable' })),
    }),
  }),
  variant('no-rotation', 'Bindings cannot be rotated (CAT-38).', {
    change: plansChanged(({ binding_rotatable: _none, ...plan }) => plan),
  }),
  variant('defaults-left-out', 'Flags that have their default are left out of the catalog.', {
    liberty: () =>
      onBody(['catalog'], (body) => ({ ...body, services: (body['services'] as Loose[]).map(withoutDefaults) })),
  }),
  variant('same-plan-names', 'Two offerings have plans of the same names (CAT-33).', {
    only: ['sql', 'cluster', 'drain', 'apps'],
  }),
  variant('maintenance-not-told', 'The maintenance of an instance is not shown by fetches (MNT-11).', {
    liberty: () => onBody(['fetchInstance'], ({ maintenance_info: _info, ...body }) => body),
  }),
]

const draft07 = 'http://json-schema.org/draft-07/schema#'
const draft2020 = 'https://json-schema.org/draft/2020-12/schema'

const laterDrafts: NonNullable<PlanDefinition['parameters']> = {
  provision: {
    jsonSchema: {
      $schema: draft07,
      type: 'object',
      properties: { size: { $ref: '#/definitions/size' }, kind: { const: 'database' } },
      definitions: { size: { type: 'integer', exclusiveMinimum: 0 } },
    },
  },
  bind: {
    jsonSchema: {
      $schema: draft2020,
      type: 'object',
      properties: { roles: { type: 'array', items: { $ref: '#/$defs/role' } } },
      $defs: { role: { enum: ['reader', 'writer'] } },
    },
  },
}

function withoutDefaults(offering: Loose): Loose {
  return dropDefaults({ ...offering, plans: (offering['plans'] as Loose[]).map(dropDefaults) })
}

const defaults: Loose = {
  free: true,
  binding_rotatable: false,
  plan_updateable: false,
  instances_retrievable: false,
  bindings_retrievable: false,
  allow_context_updates: false,
}

const dropDefaults = (value: Loose): Loose =>
  // A plan's own `false` is no default where its offering says `true`.
  Object.fromEntries(
    Object.entries(value).filter(
      ([name, flag]) => defaults[name] !== flag || (name === 'plan_updateable' && !('plans' in value)),
    ),
  )

/** Correct brokers that have made other choices than the reference. */
export const choiceVariants: readonly LegalVariant[] = [...requests, ...modes, ...catalogs]
