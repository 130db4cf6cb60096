import type { JsonObject } from 'osb-protocol'
import { isOsbError, OsbError } from '../errors.js'
import type { BindResult, ProvisionResult, UpdateResult } from '../offering/handlers.js'
import type { OperationRecord, ResourceContent, ResourceSecrets } from '../stores/broker-store.js'
import { withoutUndefined } from '../stores/json-copy.js'
import { restoredRemains } from './failed-remains.js'
import { type HaltReason, isRefusal, OperationHalted } from './running-operation.js'
import type { InstanceRequest, UpdateRequestKept } from './stored-requests.js'
import type { Conclude, Settlement } from './write-end.js'

type End = Parameters<Conclude>[2]

/** The content of a record after its operation ended, by what the author's function returned or threw. */
export const concludeOperation: Conclude = (content, settlement, end) => {
  if (settlement.settled === 'threw' && end.halted === 'shutdown') return undefined
  const { operation } = content
  if (operation.kind === 'create' && operation.overtakenBy !== undefined)
    return {
      content: beginOvertaking(content, settlement, operation.overtakenBy),
      performAgain: true,
      removeBindings: false,
    }
  const error = settlement.settled === 'threw' ? settlement.error : lateError(operation, end.halted)
  if (error !== undefined && !isGone(operation, error))
    return { content: failed(keptState(content, settlement), error, end), performAgain: false, removeBindings: false }
  const value = settlement.settled === 'returned' ? settlement.value : undefined
  const removeBindings = operation.kind === 'delete'
  return { content: succeeded(content, value), performAgain: false, removeBindings }
}

/** A platform takes 410 for the end of what it deletes (DEP-16, UNB-17); a record that stayed would never be deleted. */
function isGone({ kind }: OperationRecord, error: unknown): boolean {
  return kind === 'delete' && isOsbError(error) && error.status === 410
}

/** What came too late was answered with a failure already; for a create the platform deletes it then. */
function lateError(operation: OperationRecord, halted: HaltReason | undefined): OperationHalted | undefined {
  if (operation.kind === 'delete') return undefined
  return halted === 'time-out' || halted === 'deadline' ? new OperationHalted(halted) : undefined
}

/** A create that was ended by a delete turns into this delete, and what it returned is kept for `deprovision`. */
function beginOvertaking(content: ResourceContent, settlement: Settlement, id: string): ResourceContent {
  const { secrets, ...kept } = keptState(content, settlement)
  return {
    ...kept,
    secrets: withoutCheckpoint(secrets),
    status: 'create-failed',
    operation: {
      id,
      kind: 'delete',
      state: 'in progress',
      attempt: 1,
      startedAtMs: Date.now(),
      createdBy: content.operation.id,
    },
  }
}

function keptState(content: ResourceContent, settlement: Settlement): ResourceContent {
  if (content.operation.kind !== 'create' || settlement.settled !== 'returned') return content
  const state = stateOf(settlement.value)
  return state === undefined ? content : { ...content, secrets: { ...content.secrets, state } }
}

function stateOf(value: unknown): unknown {
  return (value as { state?: unknown } | undefined)?.state
}

function succeeded(content: ResourceContent, value: unknown): ResourceContent {
  const hints = { instance_usable: undefined, update_repeatable: undefined }
  const operation = ended(content.operation, { state: 'succeeded', description: undefined, ...hints })
  const secrets = withoutCheckpoint(content.secrets)
  switch (content.operation.kind) {
    case 'delete':
      return { ...content, status: 'deleted', operation, secrets: noSecrets }
    case 'create': {
      const { state, ...given } = (value ?? {}) as ProvisionResult<unknown> | BindResult
      const answer = { ...secrets.answer, ...given } as JsonObject
      return { ...content, status: 'live', operation, secrets: { ...secrets, answer, state } }
    }
    case 'update':
      return updated({ ...content, operation, secrets }, value ?? {})
  }
}

type UpdatedAnswer = JsonObject & { readonly updateAnswer?: JsonObject }

function updated(content: ResourceContent, result: UpdateResult<unknown>): ResourceContent {
  const before = content.secrets.request as InstanceRequest
  const asked = content.secrets.operationRequest as UpdateRequestKept
  // The new plan may have no maintenance version; one that stays is in `updateAnswer`.
  const { updateAnswer, maintenance_info: _before, ...answer } = content.secrets.answer as UpdatedAnswer
  // Top-level parameters are merged unless the author says what they are now (UPD-20).
  const parameters = result.parameters ?? { ...before.parameters, ...asked.parameters }
  const request = { ...before, parameters, ...withoutUndefined({ context: asked.context }) }
  const metadata = withoutUndefined({ metadata: result.metadata })
  return {
    ...content,
    plan_id: asked.plan_id ?? content.plan_id,
    secrets: {
      ...content.secrets,
      request,
      answer: { ...answer, ...updateAnswer, ...metadata },
      ...('state' in result && result.state !== undefined ? { state: result.state } : {}),
    },
  }
}

function failed(content: ResourceContent, error: unknown, { answered, halted }: End): ResourceContent {
  // What is thrown because the signal aborted is no refusal, whatever it says.
  const refused = isRefusal(error) && halted === undefined
  // What the author throws counts; without a word in it, what `progress` said in case of a failure does.
  const { instance_usable, update_repeatable } = { ...content.operation, ...(isOsbError(error) ? error.body : {}) }
  const { kind } = content.operation
  const operation = ended(content.operation, {
    state: 'failed',
    description: failureText(error),
    instance_usable: kind === 'create' ? undefined : instance_usable,
    update_repeatable: kind === 'update' ? update_repeatable : undefined,
    failure:
      isOsbError(error) && (refused || !isRefusal(error)) ? { status: error.status, code: error.code } : undefined,
  })
  const { updateAnswer: _dropped, ...answer } = content.secrets.answer
  const secrets = withoutCheckpoint({ ...content.secrets, answer })
  if (kind !== 'create') return { ...content, operation, secrets }
  // A 4xx on the first answer leaves all as it was (ERR-13): nothing but a tombstone, or what an earlier create left.
  if (refused && !answered)
    return (
      restoredRemains({ ...content, secrets }, operation) ?? {
        ...content,
        status: 'deleted',
        operation,
        secrets: noSecrets,
      }
    )
  return { ...content, status: 'create-failed', operation, secrets }
}

/** What users may read of a failure: what an author wrote for them, never the text of an unforeseen error. */
function failureText(error: unknown): string {
  if (isOsbError(error)) return error.body.description || OsbError.internal(undefined).message
  return error instanceof OperationHalted ? error.message : OsbError.internal(undefined).message
}

type OperationEnding = Pick<
  OperationRecord,
  'state' | 'description' | 'instance_usable' | 'update_repeatable' | 'failure'
>

function ended(operation: OperationRecord, ending: OperationEnding): OperationRecord {
  const { id, kind, attempt, startedAtMs, deadlineAtMs, previous, createdBy, dueTold } = operation
  const { state, description, instance_usable, update_repeatable, failure } = ending
  return {
    id,
    kind,
    state,
    attempt,
    startedAtMs,
    deadlineAtMs,
    endedAtMs: Date.now(),
    description,
    instance_usable,
    update_repeatable,
    failure,
    previous,
    createdBy,
    dueTold,
  }
}

const noSecrets: ResourceSecrets = { request: {}, answer: {}, operationRequest: {} }

function withoutCheckpoint(secrets: ResourceSecrets): ResourceSecrets {
  return secrets.checkpoint === undefined ? secrets : { ...secrets, checkpoint: undefined }
}
