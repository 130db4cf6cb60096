import type {
  Lease,
  OperationOutcome,
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
  const operation = frozenOperation(content.operation, before?.operation)
  return { service_id, plan_id, status, operation, secrets: frozenSecrets(content.secrets, before?.secrets) }
}

/** All members of a type, also those that may be left out. */
type Whole<Type> = { [Name in keyof Required<Type>]: Type[Name] }

// Member by member, as a copy of whatever is there takes several times as long.

function frozenOperation(operation: OperationRecord, before: OperationRecord | undefined): OperationRecord {
  if (operation === before) return before
  const { previous, failure } = operation
  const copy: Whole<OperationRecord> = {
    id: operation.id,
    kind: operation.kind,
    state: operation.state,
    attempt: operation.attempt,
    startedAtMs: operation.startedAtMs,
    deadlineAtMs: operation.deadlineAtMs,
    endedAtMs: operation.endedAtMs,
    description: operation.description,
    instance_usable: operation.instance_usable,
    update_repeatable: operation.update_repeatable,
    failure: failure && Object.freeze({ status: failure.status, code: failure.code }),
    previous: previous === before?.previous ? previous : previous && frozenOutcome(previous),
    createdBy: operation.createdBy,
    overtakenBy: operation.overtakenBy,
    dueTold: operation.dueTold,
  }
  return Object.freeze(copy)
}

function frozenOutcome(outcome: OperationOutcome): OperationOutcome {
  const { id, state, description, instance_usable, update_repeatable } = outcome
  const copy: Whole<OperationOutcome> = { id, state, description, instance_usable, update_repeatable }
  return Object.freeze(copy)
}

function frozenSecrets(secrets: ResourceSecrets, before: ResourceSecrets | undefined): ResourceSecrets {
  if (secrets === before) return before
  const copy: Whole<ResourceSecrets> = {
    request: frozenPart(secrets.request, before?.request),
    answer: frozenPart(secrets.answer, before?.answer),
    operationRequest: frozenPart(secrets.operationRequest, before?.operationRequest),
    state: frozenPart(secrets.state, before?.state),
    checkpoint: frozenPart(secrets.checkpoint, before?.checkpoint),
  }
  return Object.freeze(copy)
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
