import type { NotVisible } from './result.js'

/** The rules for brokers that no request can show to be met or not, and why. */
export const notVisible: readonly NotVisible[] = [
  {
    requirement: 'AUTH-03',
    reason: 'it is settled between people before the first request',
  },
]
