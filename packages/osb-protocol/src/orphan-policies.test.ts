import { describe, expect, it } from 'vitest'
import { type OperationName, operationNames } from './operations.js'
import { orphanMitigation, type OrphanMitigation, type PolledKind, type RequestEnding } from './orphan-mitigation.js'
import { orphanMitigationBy, orphanPolicies } from './orphan-policies.js'

const answered = (status: number, more: Partial<Extract<RequestEnding, { ending: 'answered' }>> = {}) =>
  ({ ending: 'answered', status, wellFormed: true, ...more }) as const
const malformed = (status: number) => answered(status, { wellFormed: false })
const failed = answered(200, { state: 'failed' })
const timedOut = { ending: 'timed-out' } as const
const outOfTime = { ending: 'out-of-time' } as const
const notSent = { ending: 'not-sent' } as const

type Expected = Readonly<Record<'spec' | 'cf' | 'kubernetes', 'yes' | 'no'>>
type Row = [string, RequestEnding, Expected]

const row = (spec: 'yes' | 'no', cf: 'yes' | 'no', kubernetes: 'yes' | 'no'): Expected => ({ spec, cf, kubernetes })

/** What becomes of a provision or bind, by the three tables side by side. */
const creates: Row[] = [
  ['200', answered(200), row('no', 'no', 'no')],
  ['200 malformed', malformed(200), row('no', 'no', 'no')],
  ['200 that cannot be used', answered(200, { wellFormed: false, unusable: true }), row('no', 'yes', 'no')],
  ['201', answered(201), row('no', 'no', 'no')],
  ['201 malformed', malformed(201), row('yes', 'yes', 'yes')],
  ['202', answered(202), row('no', 'no', 'no')],
  ['202 malformed', malformed(202), row('yes', 'yes', 'yes')],
  ['204', answered(204), row('yes', 'yes', 'yes')],
  ['307', answered(307), row('no', 'yes', 'no')],
  ['400', answered(400), row('no', 'no', 'no')],
  ['401', answered(401), row('no', 'no', 'no')],
  ['408', answered(408), row('no', 'no', 'no')],
  ['409', answered(409), row('no', 'no', 'no')],
  ['410', answered(410), row('no', 'yes', 'no')],
  ['422 ConcurrencyError', answered(422, { errorCode: 'ConcurrencyError' }), row('no', 'no', 'no')],
  ['422 of its own', answered(422, { errorCode: 'QuotaExceeded' }), row('no', 'yes', 'no')],
  ['500', answered(500), row('yes', 'yes', 'yes')],
  ['no answer in time', timedOut, row('yes', 'yes', 'yes')],
  ['no connection', notSent, row('no', 'no', 'no')],
]

/** What becomes of a deprovision or unbind. */
const deletes: Row[] = [
  ['200', answered(200), row('no', 'no', 'no')],
  ['202', answered(202), row('no', 'no', 'no')],
  ['200 malformed', malformed(200), row('no', 'no', 'yes')],
  ['410', answered(410), row('no', 'no', 'no')],
  ['400', answered(400), row('no', 'no', 'yes')],
  ['500', answered(500), row('yes', 'no', 'yes')],
  ['no answer in time', timedOut, row('no', 'no', 'yes')],
  ['no connection', notSent, row('no', 'no', 'yes')],
]

function expectRow(operation: OperationName, end: RequestEnding, expected: Expected, target: OrphanMitigation): void {
  for (const policy of ['spec', 'cf', 'kubernetes'] as const)
    expect(orphanMitigationBy(policy, operation, end), `${policy} ${operation}`).toBe(
      expected[policy] === 'yes' ? target : 'none',
    )
}

describe('orphanMitigationBy', () => {
  it.each(creates)('after a create that ended in %s', (_name, end, expected) => {
    expectRow('provision', end, expected, 'instance')
    expectRow('bind', end, expected, 'binding')
  })

  it.each(deletes)('after a delete that ended in %s', (_name, end, expected) => {
    expectRow('deprovision', end, expected, 'instance')
    expectRow('unbind', end, expected, 'binding')
  })

  it.each<[string, RequestEnding, PolledKind, Expected]>([
    ['create that failed', failed, 'create', row('yes', 'no', 'yes')],
    ['create that took too long', outOfTime, 'create', row('yes', 'yes', 'yes')],
    ['delete that failed', failed, 'delete', row('yes', 'no', 'yes')],
    ['delete that took too long', outOfTime, 'delete', row('yes', 'no', 'yes')],
  ])('after a polled %s', (_name, end, polled, expected) => {
    for (const policy of ['spec', 'cf', 'kubernetes'] as const) {
      const isDeleted = expected[policy] === 'yes'
      const of = (operation: OperationName) => orphanMitigationBy(policy, operation, end, polled)
      expect(of('lastInstanceOperation'), policy).toBe(isDeleted ? 'instance' : 'none')
      expect(of('lastBindingOperation'), policy).toBe(isDeleted ? 'binding' : 'none')
    }
  })

  it('a 422 that is known of a provision is none of a bind, for cf', () => {
    const conflict = answered(422, { errorCode: 'MaintenanceInfoConflict' })
    expect(orphanMitigationBy('cf', 'provision', conflict)).toBe('none')
    expect(orphanMitigationBy('cf', 'bind', conflict)).toBe('binding')
  })

  it('nothing after an update, by any policy', () => {
    for (const policy of orphanPolicies)
      for (const [, end] of [...creates, ...deletes]) expect(orphanMitigationBy(policy, 'update', end)).toBe('none')
  })

  it('ORPH-04: nothing at all where the policy says so', () => {
    for (const operation of operationNames)
      for (const [, end] of [...creates, ...deletes])
        expect(orphanMitigationBy('never', operation, end, 'create')).toBe('none')
  })

  it('is the table of the specification by default of the name', () => {
    for (const operation of operationNames)
      for (const [, end] of [...creates, ...deletes])
        expect(orphanMitigationBy('spec', operation, end)).toBe(orphanMitigation(operation, end))
  })
})
