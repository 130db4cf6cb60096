import type { PlanDefinition } from 'osb-server'
import { answer, answerWhen, type Loose, onBody } from '../brokers/fault.js'
import { type LegalVariant, variant } from './variant.js'
import { offeringWith, plansChanged } from './change-offering.js'

/** Correct brokers whose catalogs say something else than that of the reference. */
export const catalogVariants: readonly LegalVariant[] = [
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
