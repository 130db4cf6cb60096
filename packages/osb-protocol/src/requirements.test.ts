import { expect, it } from 'vitest'
import { jsonPointer, requirementOf } from './requirements.js'
import { responseSchemas } from './schemas/responses.js'

it.each([
  ['catalog', { services: [{ id: 'o', name: 'o', description: 'o', plans: [] }] }, ['CAT-25', 'CAT-28']],
  ['catalog', {}, ['CAT-15']],
  ['provision', { dashboard_url: 1 }, ['PROV-28']],
  ['deprovision', [], ['DEP-10']],
  ['lastInstanceOperation', { state: 'in_progress' }, ['LOI-17']],
  ['bind', { endpoints: [{ host: 'h', ports: [3306] }] }, ['END-02']],
  ['bind', { metadata: { expires_at: '2026-01-31T12:00:00Z' } }, ['BMD-02']],
] as const)('names the rules that the answer of %s breaks: %j', (operation, body, ids) => {
  const schema = Object.values(responseSchemas[operation])[0]!
  const { error } = schema.safeParse(body)
  expect(error?.issues.map(({ path }) => requirementOf(operation, path))).toEqual(ids)
})

it('names no rule for a place that none rules', () => {
  expect(requirementOf('catalog', ['constructor'])).toBeUndefined()
  expect(requirementOf('fetchInstance', ['parameters'])).toBeUndefined()
})

it('writes JSON pointers with the two escapes of RFC 6901', () => {
  expect(jsonPointer([])).toBe('')
  expect(jsonPointer(['a/b', 0, '~c', ''])).toBe('/a~1b/0/~0c/')
})
