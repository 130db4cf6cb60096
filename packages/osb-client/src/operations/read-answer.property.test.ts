import fc from 'fast-check'
import { operationNames } from 'osb-protocol'
import { expect, it } from 'vitest'
import { isBrokerResponseError } from '../errors/broker-response-error.js'
import { isMalformedResponseError } from '../errors/malformed-response-error.js'
import { readAnswer } from './read-answer.js'

it('reads any status and body to an outcome, or to one of its two errors', () => {
  const text = fc.oneof(fc.json(), fc.string())
  const flags = { acceptsIncomplete: fc.boolean(), conditional: fc.boolean(), lenient: fc.boolean() }
  const status = fc.oneof(fc.constantFrom(200, 201, 202, 304, 410), fc.integer({ min: 200, max: 599 }))
  fc.assert(
    fc.property(fc.constantFrom(...operationNames), status, text, fc.record(flags), (operation, code, body, asked) => {
      const answer = { status: code, header: () => body, body: { text: body } }
      try {
        const always = { requestIdentity: 'r', redact: String, nowMs: 0, mitigationOf: () => 'none' as const }
        const { outcome } = readAnswer({ operation, ...always, ...asked }, answer)
        expect(outcome.outcome).toMatch(/^[a-z]+$/)
      } catch (error) {
        expect(isBrokerResponseError(error) || isMalformedResponseError(error)).toBe(true)
        expect(JSON.parse(JSON.stringify(error))).toMatchObject({ operation, status: code })
      }
    }),
    { numRuns: 500 },
  )
})
