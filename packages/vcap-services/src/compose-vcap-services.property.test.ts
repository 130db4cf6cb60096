import fc from 'fast-check'
import { expect, it } from 'vitest'
import { composeVcapServices, readVcapServices } from './index.js'

const name = fc
  .oneof(fc.string({ minLength: 1 }), fc.constantFrom('__proto__', 'constructor', 'toString', '7'))
  .filter((text) => text.trim() !== '')
const tags = fc.array(fc.string(), { maxLength: 3 })
const common = {
  instance_guid: fc.uuid(),
  instance_name: name,
  binding_guid: fc.uuid(),
  binding_name: fc.option(name),
  tags,
  credentials: fc.option(fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), fc.jsonValue({ maxDepth: 2 }))),
}
const managed = fc.record({ ...common, offering: fc.record({ name, tags }), plan: fc.record({ name }) })
const bindings = fc.uniqueArray(fc.oneof(managed, fc.record(common)), {
  selector: ({ instance_guid }) => instance_guid,
  maxLength: 8,
})

it('what is composed is read back, service by service', () => {
  fc.assert(
    fc.property(bindings, (given) => {
      const text = JSON.stringify(composeVcapServices(given))
      const services = readVcapServices({ env: { VCAP_SERVICES: text } })
      expect(services.all).toHaveLength(given.length)
      for (const binding of given) {
        const service = services.get({ guid: binding.binding_guid })
        expect(service).toMatchObject({
          name: binding.binding_name ?? binding.instance_name,
          instance_name: binding.instance_name,
          binding_name: binding.binding_name,
          instance_guid: binding.instance_guid,
        })
        expect(service.label).toBe('offering' in binding ? binding.offering.name : 'user-provided')
        expect(service.plan).toBe('plan' in binding ? binding.plan.name : null)
        expect(new Set(service.tags)).toEqual(
          new Set([...('offering' in binding ? binding.offering.tags : []), ...binding.tags]),
        )
        expect(JSON.stringify({ ...service.credentials })).toBe(JSON.stringify(binding.credentials ?? {}))
      }
      expect(Object.entries(JSON.parse(text) as object).flatMap(([, list]) => list as object[])).toEqual(
        services.all.map(({ entry }) => ({ ...entry })),
      )
    }),
    { numRuns: 300 },
  )
})
