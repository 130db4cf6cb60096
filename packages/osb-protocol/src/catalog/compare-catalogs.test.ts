import type { Catalog } from '../schemas/catalog.js'
import { describe, expect, it } from 'vitest'
import { compareCatalogs } from './compare-catalogs.js'

type Fields = Record<string, unknown>

const plan = (own: Fields = {}) => ({ id: 'p1', name: 'small', description: 'd', ...own })
const offering = (own: Fields = {}) => ({
  id: 'o1',
  name: 'db',
  description: 'd',
  bindable: true,
  plans: [plan()],
  ...own,
})
const catalog = (...services: Fields[]) => ({ services }) as unknown as Catalog
const withPlan = (own: Fields) => catalog(offering({ plans: [plan(own)] }))

const found = (before: Catalog, after: Catalog) =>
  compareCatalogs(before, after).map(({ rule, level, pointer }) => `${rule} ${level} ${pointer}`)

const p = '/services/0/plans/0'

it('finds nothing where nothing has changed, nor where something came', () => {
  expect(found(catalog(offering()), catalog(offering()))).toEqual([])
  const more = catalog(
    offering({ plans: [plan(), plan({ id: 'p2', name: 'large' })] }),
    offering({ id: 'o2', name: 'x' }),
  )
  expect(found(catalog(offering()), { services: [more.services[0]!] })).toEqual([])
})

describe('offerings and plans', () => {
  it.each<[string, Catalog, Catalog, string[]]>([
    ['CAT-07: gone', catalog(offering()), catalog(), ['CAT-07 SHOULD /services/0', `CAT-07 SHOULD ${p}`]],
    [
      'CAT-07: a plan that is gone',
      catalog(offering({ plans: [plan({ id: 'p0', name: 'tiny' }), plan()] })),
      catalog(offering()),
      [`CAT-07 SHOULD ${p}`],
    ],
    [
      'another id (CAT-05)',
      catalog(offering()),
      catalog(offering({ id: 'o2' })),
      ['CAT-05 MUST /services/0/id', `CAT-30 MUST ${p}/id`],
    ],
    ['a plan with another id (CAT-05)', catalog(offering()), withPlan({ id: 'p2' }), [`CAT-05 MUST ${p}/id`]],
    [
      'CAT-03: another name',
      catalog(offering()),
      catalog(offering({ name: 'sql' })),
      ['CAT-03 SHOULD /services/0/name'],
    ],
    ['CAT-03: a plan with another name', catalog(offering()), withPlan({ name: 'tiny' }), [`CAT-03 SHOULD ${p}/name`]],
    [
      'CAT-21: an id of something else',
      catalog(offering()),
      catalog(offering({ name: 'queue', plans: [plan({ id: 'p2', name: 'q' })] })),
      [`CAT-07 SHOULD ${p}`, 'CAT-21 MUST /services/0/id'],
    ],
    [
      'CAT-30: a plan that went to another offering',
      catalog(offering(), offering({ id: 'o2', name: 'x', plans: [plan({ id: 'p2' })] })),
      catalog(
        offering({ plans: [plan({ id: 'p2' })] }),
        offering({ id: 'o2', name: 'x', plans: [plan({ id: 'p3' })] }),
      ),
      ['CAT-05 MUST /services/0/plans/0/id', 'CAT-30 MUST /services/0/plans/0/id'],
    ],
  ])('%s', (_name, before, after, expected) => {
    expect(found(before, after)).toEqual(expected)
  })
})

describe('flags and versions of a plan', () => {
  const version = (text: string) => ({ maintenance_info: { version: text } })
  it.each<[string, Catalog, Catalog, string]>([
    ['T28: not bindable any more', catalog(offering()), withPlan({ bindable: false }), `CAT-37 SHOULD ${p}/bindable`],
    [
      'T28: bindable by its offering now',
      catalog(offering({ bindable: false })),
      catalog(offering()),
      `CAT-37 note ${p}/bindable`,
    ],
    [
      'T28: not updateable any more',
      catalog(offering({ plan_updateable: true })),
      withPlan({}),
      `CAT-39 SHOULD ${p}/plan_updateable`,
    ],
    ['T28: updateable', withPlan({}), withPlan({ plan_updateable: true }), `CAT-39 note ${p}/plan_updateable`],
    [
      'MNT-02: a new version',
      withPlan(version('1.9.0')),
      withPlan(version('1.10.0')),
      `MNT-02 note ${p}/maintenance_info/version`,
    ],
    ['MNT-02: a first version', withPlan({}), withPlan(version('1.0.0')), `MNT-02 note ${p}/maintenance_info/version`],
    [
      'MNT-01: an older version',
      withPlan(version('2.0.0')),
      withPlan(version('1.0.0')),
      `MNT-01 SHOULD ${p}/maintenance_info/version`,
    ],
    ['MNT-07: none any more', withPlan(version('2.0.0')), withPlan({}), `MNT-07 SHOULD ${p}/maintenance_info`],
  ])('%s', (_name, before, after, expected) => {
    expect(found(before, after)).toEqual([expected])
  })
})

describe('schemas that take less', () => {
  const s = `OSB-NARROWED SHOULD ${p}/schemas/service_instance/create/parameters`
  const withSchema = (parameters: Fields | undefined) =>
    withPlan(parameters ? { schemas: { service_instance: { create: { parameters } } } } : {})
  const a = (schema: unknown, more: Fields = {}) => ({ properties: { a: schema }, ...more })

  it.each<[string, Fields | undefined, Fields | undefined, string[]]>([
    ['a schema where there was none', undefined, { required: ['a'] }, [`${s}/required`]],
    ['a type', a({ type: ['string', 'number'] }), a({ type: 'string' }), [`${s}/properties/a/type`]],
    ['a value', a({ enum: ['x', 'y'] }), a({ enum: ['y', 'z'] }), [`${s}/properties/a/enum`]],
    [
      'a lower limit',
      a({ maximum: 5, minimum: 1 }),
      a({ maximum: 4, minimum: 2 }),
      [`${s}/properties/a/maximum`, `${s}/properties/a/minimum`],
    ],
    ['a pattern', a({ pattern: 'x' }), a({ pattern: 'y' }), [`${s}/properties/a/pattern`]],
    ['no other properties', a({}), a({}, { additionalProperties: false }), [`${s}/additionalProperties`]],
    [
      'a property less',
      { properties: { a: {}, b: {} }, additionalProperties: false },
      a({}, { additionalProperties: false }),
      [`${s}/properties`],
    ],
    ['items', a({ items: {} }), a({ items: { type: 'string' } }), [`${s}/properties/a/items/type`]],
    [
      'a property that was one of the others',
      { additionalProperties: { type: ['string', 'null'] } },
      a({ type: 'string' }),
      [`${s}/properties/a/type`],
    ],
    ['nothing', a({}), a(false), [`${s}/properties/a`]],
  ])('OSB-NARROWED: %s', (_name, before, after, expected) => {
    expect(found(withSchema(before), withSchema(after))).toEqual(expected)
  })

  it.each<[string, Fields | undefined, Fields | undefined]>([
    ['a type more', a({ type: 'integer' }), a({ type: ['number', 'string'] })],
    ['a value more', a({ enum: ['x'] }), a({ enum: ['x', 'y'] })],
    ['a wider limit', a({ maxLength: 5, minItems: 1 }), a({ maxLength: 6 })],
    [
      'a property more',
      a({}, { additionalProperties: false }),
      { properties: { a: {}, b: { type: 'string' } }, additionalProperties: false },
    ],
    ['a new property', {}, a({ type: 'string' })],
    ['less required', a({}, { required: ['a'] }), a({})],
    ['no schema', a({ type: 'string' }), undefined],
  ])('not: %s', (_name, before, after) => {
    expect(found(withSchema(before), withSchema(after))).toEqual([])
  })
})
