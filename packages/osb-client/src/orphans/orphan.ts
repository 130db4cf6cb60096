import { isBrokerClientError } from '../errors/client-error.js'

/** What is to be deleted: all that a delete has to name. */
export type Orphan =
  | {
      readonly target: 'instance'
      readonly instance_id: string
      readonly service_id: string
      readonly plan_id: string
    }
  | {
      readonly target: 'binding'
      readonly instance_id: string
      readonly binding_id: string
      readonly service_id: string
      readonly plan_id: string
    }

/**
 * The orphan that a failed call may have left behind, or undefined when the error says that there is none.
 * @param call the call that failed
 * @throws {TypeError} when the call lacks an id that the delete needs, as a rotation may
 * @example
 * const orphan = orphanOf(error, call)
 * if (orphan) await client.mitigateOrphan(orphan)
 */
export function orphanOf(
  error: unknown,
  call: {
    readonly instance_id: string
    readonly binding_id?: string | undefined
    readonly service_id?: string | undefined
    readonly plan_id?: string | undefined
  },
): Orphan | undefined {
  if (!isBrokerClientError(error) || error.orphanMitigation === 'none') return undefined
  const { instance_id, binding_id, service_id, plan_id } = call
  if (!service_id || !plan_id) throw new TypeError('the call lacks service_id or plan_id, which a delete must name')
  if (error.orphanMitigation === 'instance') return { target: 'instance', instance_id, service_id, plan_id }
  if (!binding_id) throw new TypeError('the call lacks binding_id, which a delete of the binding must name')
  return { target: 'binding', instance_id, binding_id, service_id, plan_id }
}
