import type { OptionSpecs } from './option-specs.js'

/** Of the verbs that delete: nothing is asked here, so that it changes nothing. */
export const forceOption = {
  force: { type: 'boolean', short: 'f', help: 'accepted for scripts written for cf; nothing is asked in any case' },
} as const satisfies OptionSpecs
