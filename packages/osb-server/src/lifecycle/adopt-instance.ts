import type { JsonObject, MaintenanceInfo } from 'osb-protocol'
import type { BrokerStore } from '../stores/broker-store.js'
import { jsonCopy, withoutUndefined } from '../stores/json-copy.js'

/** A service instance that exists, though no record of it does. */
export interface AdoptedInstance {
  /** Default: the empty string, as of a broker without tenants. */
  readonly tenant?: string | undefined
  readonly instance_id: string
  readonly service_id: string
  readonly plan_id: string
  readonly organization_guid?: string | undefined
  readonly space_guid?: string | undefined
  readonly parameters?: JsonObject | undefined
  readonly dashboard_url?: string | undefined
  readonly maintenance_info?: MaintenanceInfo | undefined
  /** What the author's `provision` would have returned as `state`. A JSON value. */
  readonly state?: unknown
}

/**
 * Puts a service instance on record that exists without one: made before there was this broker, or forgotten by a store
 * that was restored from an older copy. From then on it is like any other; bindings that it had stay unknown. A platform
 * that repeats its provision is told of a conflict where it names another place or other parameters than are given here.
 * @returns false if this id is on record, also as deleted; nothing is changed then
 * @example
 * await adoptInstance(store, { instance_id, service_id, plan_id, state: { container: 'mysql-7' } })
 */
export async function adoptInstance(store: Pick<BrokerStore, 'write'>, instance: AdoptedInstance): Promise<boolean> {
  const { tenant = '', instance_id, service_id, plan_id, state } = instance
  const { organization_guid, space_guid, parameters, dashboard_url, maintenance_info } = instance
  const request = withoutUndefined({ parameters, organization_guid, space_guid })
  const now = Date.now()
  const written = await store.write({
    key: { tenant, instance_id },
    expected: 'absent',
    lease: 'release',
    content: {
      service_id,
      plan_id,
      status: 'live',
      operation: {
        id: `create-${crypto.randomUUID()}`,
        kind: 'create',
        state: 'succeeded',
        attempt: 1,
        startedAtMs: now,
        endedAtMs: now,
      },
      secrets: {
        request,
        answer: withoutUndefined({ dashboard_url, maintenance_info }),
        ...(state !== undefined && { state: jsonCopy(state) }),
        operationRequest: request,
      },
    },
  })
  return written !== undefined
}
