import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type OperationName, operationNames, routes } from './operations.js'
import { buildPath, matchPath } from './paths.js'

const id = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.constantFrom('.', '..', '/', '%2F', 'last_operation', 'service_bindings', '__proto__', '\u0000'),
)

it('URL-01, URL-03: a path that was built is matched to the same operation and ids, whatever the ids hold', () => {
  fc.assert(
    fc.property(fc.constantFrom(...operationNames), id, id, (operation: OperationName, instance_id, binding_id) => {
      const { method, target } = routes[operation]
      const path = buildPath(operation, { instance_id, binding_id })
      const ids = { catalog: {}, instance: { instance_id }, binding: { instance_id, binding_id } }[target]
      expect(path).toMatch(/^[\w/%.~-]+$/)
      expect(matchPath(method, path)).toEqual({ match: 'operation', operation, ids })
    }),
    { numRuns: 500 },
  )
})

it('answers any method and path without throwing', () => {
  const segment = fc.oneof(
    fc.constantFrom('v2', 'catalog', 'service_instances', 'service_bindings', '%', ''),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.string(), fc.array(segment), (method, segments) => {
      expect(matchPath(method, `/${segments.join('/')}`)).toHaveProperty('match')
    }),
  )
})
