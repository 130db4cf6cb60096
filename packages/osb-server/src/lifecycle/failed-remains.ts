import type { JsonObject } from 'osb-protocol'
import type { OperationRecord, ResourceContent, ResourceRecord, ResourceSecrets } from '../stores/broker-store.js'

interface Remains {
  readonly service_id: string
  readonly plan_id: string
  readonly request: JsonObject
}

/** What a new create takes over of one that failed: its state, for the delete that may come, and what it was. */
export function keptRemains(failed: ResourceRecord | undefined): Pick<ResourceSecrets, 'state' | 'operationRequest'> {
  if (failed?.status !== 'create-failed') return { operationRequest: {} }
  const { service_id, plan_id, secrets } = failed
  const remains = { service_id, plan_id, request: secrets.request }
  return { state: secrets.state, operationRequest: { remains } }
}

/** The record as it was before a create that was refused (ERR-13); undefined if there was nothing to delete. */
export function restoredRemains(content: ResourceContent, operation: OperationRecord): ResourceContent | undefined {
  const remains = content.secrets.operationRequest['remains'] as Remains | undefined
  if (!remains) return undefined
  const { service_id, plan_id, request } = remains
  const secrets = { ...content.secrets, request, answer: {}, operationRequest: {} }
  return { service_id, plan_id, status: 'create-failed', operation, secrets }
}
