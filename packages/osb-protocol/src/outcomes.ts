import type { OperationName } from './operations.js'

/**
 * Outcome → HTTP status for each operation, for successful answers. A broker picks its status here by outcome, a
 * client reads the same table backwards. 410 stands here for deletes and polls because it means success there.
 * @see spec.md, the "Response" part of each operation; requirements reference, section 3
 */
export const outcomeStatuses = {
  catalog: { found: 200, unchanged: 304 },
  provision: { exists: 200, created: 201, accepted: 202 },
  fetchInstance: { found: 200 },
  update: { updated: 200, accepted: 202 },
  deprovision: { deleted: 200, accepted: 202, gone: 410 },
  lastInstanceOperation: { found: 200, gone: 410 },
  bind: { exists: 200, created: 201, accepted: 202 },
  fetchBinding: { found: 200 },
  unbind: { deleted: 200, accepted: 202, gone: 410 },
  lastBindingOperation: { found: 200, gone: 410 },
} as const satisfies Record<OperationName, Readonly<Record<string, number>>>

/** The outcome names of one operation, such as `'exists' | 'created' | 'accepted'`. */
export type OutcomeName<Operation extends OperationName> = keyof (typeof outcomeStatuses)[Operation] & string

/** The status that a broker answers for an outcome. */
export function statusOf<Operation extends OperationName>(
  operation: Operation,
  outcome: OutcomeName<Operation>,
): number {
  return (outcomeStatuses[operation] as Record<string, number>)[outcome] as number
}

/** The outcome that a status stands for, or undefined when the protocol does not list it as a success. */
export function outcomeOf<Operation extends OperationName>(
  operation: Operation,
  status: number,
): OutcomeName<Operation> | undefined {
  const found = Object.entries(outcomeStatuses[operation]).find(([, value]) => value === status)
  return found?.[0] as OutcomeName<Operation> | undefined
}
