import type {
  Lease,
  OperationRecord,
  ResourceContent,
  ResourceKey,
  ResourceRecord,
  ResourceSecrets,
} from './broker-store.js'
import { frozenJsonCopy } from './json-copy.js'

/**
 * What is to be stored as a database would give it back, frozen through and through.
 * @param before what is stored by now; the parts of it that are there again are not copied, as they are frozen already
 * @throws TypeError, RangeError for what is no JSON
 */
export function frozenContent(content: ResourceContent, before: ResourceContent | undefined): ResourceContent {
  const { service_id, plan_id, status } = content
  const operation = frozenPart<OperationRecord>(content.operation, before?.operation)
  return { service_id, plan_id, status, operation, secrets: frozenSecrets(content.secrets, before?.secrets) }
}

function frozenSecrets(secrets: ResourceSecrets, before: ResourceSecrets | undefined): ResourceSecrets {
  if (secrets === before) return before
  const state = frozenPart(secrets.state, before?.state)
  const checkpoint = frozenPart(secrets.checkpoint, before?.checkpoint)
  return Object.freeze({
    request: frozenPart(secrets.request, before?.request),
    answer: frozenPart(secrets.answer, before?.answer),
    operationRequest: frozenPart(secrets.operationRequest, before?.operationRequest),
    ...(state === undefined ? {} : { state }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  })
}

function frozenPart<Part>(part: Part, before: Part | undefined): Part {
  return part === before ? part : frozenJsonCopy(part)
}

/** A record of parts that are frozen already. */
export function frozenRecord(
  key: ResourceKey,
  version: number,
  content: ResourceContent,
  lease: Lease | undefined,
): ResourceRecord {
  const { service_id, plan_id, status, operation, secrets } = content
  const record = { service_id, plan_id, status, operation, secrets, key, version }
  return Object.freeze(lease === undefined ? record : { lease, ...record })
}
