import { type OperationName, routes } from './operations.js'
import type { OperationState } from './schemas/responses.js'

/** What the platform should delete after a failed request: nothing, the service instance or the service binding. */
export type OrphanMitigation = 'none' | 'instance' | 'binding'

/** How a request ended, as far as orphan mitigation is concerned. */
export type RequestEnding =
  | {
      readonly ending: 'answered'
      readonly status: number
      /** Whether the body was the expected one. */
      readonly wellFormed: boolean
      /** What a last operation answer said. */
      readonly state?: OperationState | undefined
      /** The `error` of an error object. */
      readonly errorCode?: string | undefined
      /** A body that is JSON as expected, but whose volume mounts, log drain or route service cannot be used. */
      readonly unusable?: boolean | undefined
    }
  /** No complete answer in time, or a connection that broke. */
  | { readonly ending: 'timed-out' }
  /** The time for polling was over before the operation was (POL-05). */
  | { readonly ending: 'out-of-time' }
  /** No connection was made: the broker never saw the request. */
  | { readonly ending: 'not-sent' }

/** What a polled operation was doing; decides whether a `failed` state calls for mitigation. */
export type PolledKind = 'create' | 'update' | 'delete'

/**
 * The orphan mitigation table of the specification as a function (ORPH-05 … ORPH-25): which resource a platform
 * should delete after this ending of this operation.
 * @param polled what the polled operation does, for the two last operation calls; other operations ignore it. Without
 *   it a failed operation of an instance is taken for an update, as nobody should delete an instance on a guess
 * @see spec.md, "Orphan Mitigation"
 * @example orphanMitigation('provision', { ending: 'answered', status: 500, wellFormed: true }) // 'instance'
 */
export function orphanMitigation(operation: OperationName, end: RequestEnding, polled?: PolledKind): OrphanMitigation {
  const target = routes[operation].target === 'binding' ? 'binding' : 'instance'
  const creates = operation === 'provision' || operation === 'bind'
  const deletes = operation === 'deprovision' || operation === 'unbind'
  if (end.ending === 'not-sent') return 'none'
  if (end.ending === 'timed-out') return creates ? target : 'none' // ORPH-23 … ORPH-25
  if (operation === 'lastInstanceOperation' || operation === 'lastBindingOperation') {
    const failed = end.ending === 'out-of-time' || (end.status === 200 && end.wellFormed && end.state === 'failed')
    const createsOrDeletes = polled === 'create' || polled === 'delete' || target === 'binding'
    return failed && createsOrDeletes ? target : 'none' // ORPH-07, ORPH-08
  }
  if (end.ending === 'out-of-time') return 'none' // Only polls end so.
  const { status, wellFormed } = end
  if (status === 200) return 'none' // ORPH-05, ORPH-06: also when malformed
  if (status === 201 || status === 202) return creates && !wellFormed ? target : 'none' // ORPH-09 … ORPH-14
  if (status >= 200 && status < 300) return creates || deletes ? target : 'none' // ORPH-15 … ORPH-17
  if (status >= 500) return creates || deletes ? target : 'none' // ORPH-20 … ORPH-22
  return 'none' // ORPH-18, ORPH-19
}
