import { expect, it, vi } from 'vitest'
import { detailsOf } from './details-of.js'
import type { WireRequest } from './wire-request.js'

const report = { apiVersion: { major: 2, minor: 17 }, requestIdentity: 'r', principal: 'platform' }

it('makes the signal when it is first asked for, and gives it to copies', () => {
  const { signal } = new AbortController()
  const get = vi.fn(() => signal)
  const request = Object.defineProperty({}, 'signal', { get }) as WireRequest
  const details = detailsOf(report, 'blue', request)
  expect(get).not.toHaveBeenCalled()
  const copy = { ...details, principal: 'other' }
  expect(copy).toEqual({ ...report, tenant: 'blue', principal: 'other', originatingIdentity: undefined, signal })
  expect(details.signal).toBe(signal)
})
