import type { ResourceContent, ResourceRecord } from '../stores/broker-store.js'

/** The part of a record that a write replaces. */
export function contentOf({ service_id, plan_id, status, operation, secrets }: ResourceRecord): ResourceContent {
  return { service_id, plan_id, status, operation, secrets }
}
