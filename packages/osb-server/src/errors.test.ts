import { expect, it } from 'vitest'
import { OsbError } from './errors.js'

it.each([
  ['a request that is not valid', OsbError.badRequest('no'), false],
  ['a conflict', OsbError.conflict('no'), false],
  ['what the service cannot do', OsbError.unprocessable('no'), false],
  ['another operation that runs', OsbError.concurrency('no'), false],
  ['what nobody foresaw', OsbError.internal(new Error('no')), true],
  ['a broker behind this one', OsbError.badGateway(new Error('no')), true],
  ['a broker that is shutting down', OsbError.unavailable('no'), true],
])('ORPH-18, ORPH-20, ORPH-21, ORPH-22: an error for %s says whether platforms clean up', (_what, error, starts) => {
  expect(error.startsOrphanMitigation).toBe(starts)
})
