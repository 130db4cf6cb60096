import { errorCodes } from './errors.js'
import { type OperationName, routes } from './operations.js'
import { orphanMitigation, type OrphanMitigation, type PolledKind, type RequestEnding } from './orphan-mitigation.js'

/**
 * Whose habits decide what is deleted after a failure: the table of the specification, the Cloud Controller of Cloud
 * Foundry, the service catalog of Kubernetes, or nobody's, so that nothing is deleted (ORPH-04).
 */
export type OrphanPolicy = 'spec' | 'cf' | 'kubernetes' | 'never'

/** All policies, the specification's first. */
export const orphanPolicies = ['spec', 'cf', 'kubernetes', 'never'] as const satisfies readonly OrphanPolicy[]

/**
 * {@link orphanMitigation} with the habits of a platform in place of the specification's table, for brokers that have
 * to be tested against them.
 *
 * - `cf` deletes after some answers that the table leaves alone (410, 3xx, a 422 without a known code, a 200 whose
 *   volume mounts, log drain or route service cannot be used), and not after a failed delete or a polled `failed`.
 * - `kubernetes` follows the table, and repeats every delete that did not succeed.
 * @example orphanMitigationBy('cf', 'bind', { ending: 'answered', status: 410, wellFormed: true }) // 'binding'
 */
export function orphanMitigationBy(
  policy: OrphanPolicy,
  operation: OperationName,
  end: RequestEnding,
  polled?: PolledKind,
): OrphanMitigation {
  switch (policy) {
    case 'spec':
      return orphanMitigation(operation, end, polled)
    case 'cf':
      return byCloudFoundry(operation, end, polled)
    case 'kubernetes':
      return byKubernetes(operation, end, polled)
    case 'never':
      return 'none'
  }
}

const knownRefusals: Readonly<Partial<Record<OperationName, readonly string[]>>> = {
  provision: [errorCodes.asyncRequired, errorCodes.concurrency, errorCodes.maintenanceInfoConflict],
  bind: [errorCodes.asyncRequired, errorCodes.concurrency, errorCodes.requiresApp],
}

function byCloudFoundry(operation: OperationName, end: RequestEnding, polled?: PolledKind): OrphanMitigation {
  const target = targetOf(operation)
  if (end.ending === 'out-of-time') return polled === 'create' ? target : 'none'
  if (operation !== 'provision' && operation !== 'bind') return 'none'
  if (end.ending === 'not-sent') return 'none'
  if (end.ending === 'timed-out') return target
  const { status, wellFormed, unusable = false, errorCode = '' } = end
  if (status === 200) return unusable ? target : 'none'
  if (status === 201 || status === 202) return wellFormed ? 'none' : target
  if (status === 422) return knownRefusals[operation]?.includes(errorCode) ? 'none' : target
  return status < 400 || status === 410 || status >= 500 ? target : 'none'
}

function byKubernetes(operation: OperationName, end: RequestEnding, polled?: PolledKind): OrphanMitigation {
  if (operation !== 'deprovision' && operation !== 'unbind') return orphanMitigation(operation, end, polled)
  const isDone =
    end.ending === 'answered' && (end.status === 410 || (end.wellFormed && (end.status === 200 || end.status === 202)))
  return isDone ? 'none' : targetOf(operation)
}

function targetOf(operation: OperationName): 'instance' | 'binding' {
  return routes[operation].target === 'binding' ? 'binding' : 'instance'
}
