import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { noAuth } from '../auth/no-auth.js'
import { createBroker } from '../lifecycle/create-broker.js'
import { memoryStore } from '../stores/memory-store.js'
import type { OfferingDefinition } from './define-offering.js'

const plan = { id: 'p', name: 'small', description: 'd' }
const plain = { id: 'o', name: 'db', description: 'd', bindable: false, plans: [plan] }
const work = { provision: async () => {}, deprovision: async () => {} }

function start(own: object): void {
  const offering = { ...plain, ...work, ...own } as OfferingDefinition
  void createBroker({ offerings: [offering], auth: noAuth(), store: memoryStore() }).close()
}

describe('createBroker refuses an offering', () => {
  it.each([
    ['promises bind and unbind', { bindable: true }],
    ['promises bind and unbind', { plans: [{ ...plan, bindable: true }] }],
    ['promises update', { plan_updateable: true }],
    ['promises update', { allow_context_updates: true }],
    ['promises update', { plans: [{ ...plan, maintenance_info: { version: '1.0.0' } }] }],
    ['promises update', { plans: [{ ...plan, parameters: { update: z.object({}) } }] }],
    ['promises provision', { provision: undefined }],
  ])('without a function that its catalog promises: %s', (message, own) => {
    expect(() => start(own)).toThrow(`service offering "db": the catalog ${message}`)
  })

  it.each([
    ['storesCredentials: false needs readBinding', { storesCredentials: false }],
    ["async: 'always' needs bindings that can be fetched", { async: 'always', bindings_retrievable: false }],
    ['maximumAttempts must be a whole number from 1 on', { maximumAttempts: 0 }],
    ['maximumAttempts must be a whole number from 1 on', { maximumAttempts: 1.5 }],
  ])('whose settings do not go together: %s', (message, own) => {
    expect(() => start(own)).toThrow(`service offering "db": ${message}`)
  })

  it('SCH-04: with a JSON Schema that nothing can be validated by', () => {
    const jsonSchema = (schema: object) => ({ plans: [{ ...plan, parameters: { provision: { jsonSchema: schema } } }] })
    const where = /service offering "db", plan "small", parameters\.provision: /
    expect(() => start(jsonSchema({ type: 'objekt' }))).toThrow(where)
    expect(() => start(jsonSchema({ $ref: 'https://a/b' }))).toThrow(/must not point outside/)
    expect(() => start(jsonSchema({ properties: { a: { pattern: '^(a+)+$' } } }))).toThrow(/\/properties\/a\/pattern/)
  })

  it('but not for a pattern that its own validator runs', () => {
    expect(() => start({ plans: [{ ...plan, parameters: { provision: z.object({ a: z.email() }) } }] })).not.toThrow()
  })
})
