import type { OperationOptions } from '../platform/operations.js'
import { usageError } from './cli-error.js'
import type { OptionSpecs, ValuesOf } from './option-specs.js'
import { withProgress } from './progress.js'
import type { VerbContext } from './verb.js'

/** Of the verbs that begin an operation. */
export const waitOptions = {
  wait: { type: 'boolean', short: 'w', help: 'wait until it is over; the default, for the fingers of cf' },
  'no-wait': { type: 'boolean', help: 'do not wait; "osb services" asks how far it is' },
} as const satisfies OptionSpecs

/** Runs an operation with its progress shown, waiting for its end unless told otherwise. */
export async function operate<Result>(
  context: VerbContext,
  what: string,
  run: (options: OperationOptions) => Promise<Result>,
): Promise<Result> {
  const { signal } = context
  // Verbs without these options always wait.
  const values = context.values as ValuesOf<typeof waitOptions>
  if (values.wait === true && values['no-wait'] === true)
    throw usageError('--wait and --no-wait exclude each other', 'Leave one of them out.')
  const wait = values['no-wait'] !== true
  return withProgress(context, what, (onProgress) => run({ wait, signal, onProgress }))
}
