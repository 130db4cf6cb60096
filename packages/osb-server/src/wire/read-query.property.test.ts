import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isOsbError } from '../errors.js'
import { readQuery } from './read-query.js'

const names = ['accepts_incomplete', 'service_id', 'plan_id', 'operation', 'service', 'service_id_', '']
const text = fc.oneof(
  fc.constantFrom('', 'true', 'a', 'a%20b', 'a+b', '%', '%zz', 'é', 'x=y', 'a?b#c', '~*-_.'),
  fc.string(),
)
const pair = fc.tuple(fc.constantFrom(...names), fc.constantFrom('=', ''), text)
const query = fc.array(pair, { maxLength: 5 }).map((pairs) => pairs.map((parts) => parts.join('')).join('&'))

/** What the web's own parser makes of it. */
function expected(asked: string): Record<string, unknown> | 'refused' {
  const given = new URLSearchParams(asked)
  const known = ['service_id', 'plan_id', 'accepts_incomplete']
  if (known.some((name) => given.getAll(name).length > 1)) return 'refused'
  const ids = { service_id: given.get('service_id'), plan_id: given.get('plan_id') }
  if (!ids.service_id || !ids.plan_id) return 'refused'
  return { ...ids, accepts_incomplete: given.get('accepts_incomplete') === 'true' }
}

it('reads a query as URLSearchParams does, encoded or not', () => {
  fc.assert(
    fc.property(query, (asked) => {
      // The one thing that is not alike: a question mark at the beginning belongs to the query here.
      fc.pre(!asked.startsWith('?'))
      let read: unknown
      try {
        read = readQuery('deprovision', asked)
      } catch (error) {
        expect(isOsbError(error)).toBe(true)
        read = 'refused'
      }
      expect(read).toEqual(expected(asked))
    }),
    { numRuns: 2000 },
  )
})
