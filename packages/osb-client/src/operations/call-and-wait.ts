import {
  type BindCall,
  type BindingResponse,
  jsonPointer,
  type JsonObject,
  type LastOperation,
  type ProvisionAccepted,
} from 'osb-protocol'
import { InvalidCredentialsError } from '../errors/invalid-credentials-error.js'
import type { PollingOptions } from '../polling/polling-options.js'
import type { Session } from '../session.js'
import { type CredentialsSchema, validateBy } from '../standard-schema.js'
import { callOperation } from './call-operation.js'
import { waitForOperation } from './wait-for-operation.js'
import type { Bound, WaitingCalls, WaitOptions } from './waiting-calls.js'
import { requestIdentityOf } from './write-request.js'

type BindOptions = WaitOptions & { readonly credentials?: CredentialsSchema<unknown> }

/** The waiting calls of a client. */
export function waitingCalls(session: Session, polling: PollingOptions | undefined): WaitingCalls {
  const wait = waitForOperation.bind(undefined, session, polling)

  return {
    async provisionAndWait(call, options = {}) {
      const details = detailsOf(options)
      const first = await callOperation(session, 'provision', incomplete(call), details)
      if (first.outcome !== 'accepted') return { outcome: first.outcome, body: first.body }
      const end = await wait({ ...call, operation: 'provision', ...details, accepted: first }, options)
      return { outcome: 'created', body: withoutOperation(first.body), ...lastOperationOf(end) }
    },

    async updateAndWait(call, options = {}) {
      const details = detailsOf(options)
      const first = await callOperation(session, 'update', incomplete(call), details)
      if (first.outcome !== 'accepted') return { outcome: first.outcome, body: first.body }
      const plan_id = call.previous_values?.plan_id
      const end = await wait({ ...call, plan_id, operation: 'update', ...details, accepted: first }, options)
      return { outcome: 'updated', body: withoutOperation(first.body), ...lastOperationOf(end) }
    },

    async deprovisionAndWait(call, options = {}) {
      const details = detailsOf(options)
      const first = await callOperation(session, 'deprovision', incomplete(call), details)
      if (first.outcome !== 'accepted') return { outcome: first.outcome }
      const end = await wait({ ...call, operation: 'deprovision', ...details, accepted: first }, options)
      return { outcome: end.end === 'gone' ? 'gone' : 'deleted', ...lastOperationOf(end) }
    },

    async unbindAndWait(call, options = {}) {
      const details = detailsOf(options)
      const first = await callOperation(session, 'unbind', incomplete(call), details)
      if (first.outcome !== 'accepted') return { outcome: first.outcome }
      const end = await wait({ ...call, operation: 'unbind', ...details, accepted: first }, options)
      return { outcome: end.end === 'gone' ? 'gone' : 'deleted', ...lastOperationOf(end) }
    },

    async bindAndWait(call: BindCall, options: BindOptions = {}): Promise<Bound<never>> {
      const details = detailsOf(options)
      const { requestIdentity } = details
      const first = await callOperation(session, 'bind', incomplete(call), details)
      if (first.outcome !== 'accepted') return bound(first, requestIdentity, options)
      const end = await wait({ ...call, operation: 'bind', ...details, accepted: first }, options)
      const { instance_id, binding_id, service_id, plan_id } = call
      const { originatingIdentity, signal } = options
      const hints = { instance_id, binding_id, service_id, plan_id }
      const { body } = await callOperation(session, 'fetchBinding', hints, { originatingIdentity, signal })
      return bound({ outcome: 'created', body, ...lastOperationOf(end) }, requestIdentity, options)
    },
  }
}

function detailsOf({ originatingIdentity, signal }: WaitOptions) {
  return { originatingIdentity, signal, requestIdentity: requestIdentityOf({}) }
}

function incomplete<Call extends { readonly accepts_incomplete?: boolean | undefined }>(call: Call): Call {
  return { ...call, accepts_incomplete: call.accepts_incomplete ?? true }
}

function withoutOperation({ operation: _polled, ...body }: ProvisionAccepted): Omit<ProvisionAccepted, 'operation'> {
  return body
}

function lastOperationOf({ lastOperation }: { readonly lastOperation?: LastOperation | undefined }): {
  readonly lastOperation?: LastOperation
} {
  return lastOperation ? { lastOperation } : {}
}

async function bound(
  found: {
    readonly outcome: 'created' | 'exists'
    readonly body: BindingResponse
    readonly lastOperation?: LastOperation
  },
  requestIdentity: string,
  { credentials: schema }: BindOptions,
): Promise<Bound<never>> {
  const credentials: JsonObject | undefined = found.body.credentials
  const checked = schema ? await validateBy(schema, credentials) : { value: credentials }
  if ('value' in checked) return { ...found, credentials: checked.value as never }
  const pointers = checked.paths.map(jsonPointer)
  throw new InvalidCredentialsError({ operation: 'bind', requestIdentity, orphanMitigation: 'none', pointers })
}
