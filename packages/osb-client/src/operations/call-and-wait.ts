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
import { waitForOperation, watchOperation } from './wait-for-operation.js'
import type { Bound, Deletion, WaitingCalls, WaitOptions } from './waiting-calls.js'
import { requestIdentityOf } from './write-request.js'

type BindOptions = WaitOptions & { readonly credentials?: CredentialsSchema<unknown> }

/** The waiting calls of a client. */
export function waitingCalls(client: Session, polling: PollingOptions | undefined): WaitingCalls {
  return {
    async provisionAndWait(call, options = {}) {
      const session = keeping(client, call.parameters)
      const details = detailsOf(options)
      const first = await callOperation(session, 'provision', incomplete(call), details)
      if (first.outcome !== 'accepted') return { outcome: first.outcome, body: first.body }
      const pending = { ...call, operation: 'provision', ...details, accepted: first } as const
      const end = await waitForOperation(session, polling, pending, options)
      return { outcome: 'created', body: withoutOperation(first.body), ...lastOperationOf(end) }
    },

    async updateAndWait(call, options = {}) {
      const session = keeping(client, call.parameters)
      const details = detailsOf(options)
      const first = await callOperation(session, 'update', incomplete(call), details)
      if (first.outcome !== 'accepted') return { outcome: first.outcome, body: first.body }
      const plan_id = call.previous_values?.plan_id
      const pending = { ...call, plan_id, operation: 'update', ...details, accepted: first } as const
      const end = await waitForOperation(session, polling, pending, options)
      return { outcome: 'updated', body: withoutOperation(first.body), ...lastOperationOf(end) }
    },

    async deprovisionAndWait(call, options = {}) {
      const details = detailsOf(options)
      const first = await callOperation(client, 'deprovision', incomplete(call), details)
      if (first.outcome !== 'accepted') return { outcome: first.outcome }
      const pending = { ...call, operation: 'deprovision', ...details, accepted: first } as const
      return deletion(await waitForOperation(client, polling, pending, options))
    },

    async unbindAndWait(call, options = {}) {
      const details = detailsOf(options)
      const first = await callOperation(client, 'unbind', incomplete(call), details)
      if (first.outcome !== 'accepted') return { outcome: first.outcome }
      const pending = { ...call, operation: 'unbind', ...details, accepted: first } as const
      return deletion(await waitForOperation(client, polling, pending, options))
    },

    watchOperation(pending, options = {}) {
      return watchOperation(client, polling, { ...pending, requestIdentity: requestIdentityOf({}) }, options)
    },

    awaitOperation(pending, options = {}) {
      return waitForOperation(client, polling, { ...pending, requestIdentity: requestIdentityOf({}) }, options)
    },

    async bindAndWait(call: BindCall, options: BindOptions = {}): Promise<Bound<never>> {
      const session = keeping(client, call.parameters)
      const details = detailsOf(options)
      const { requestIdentity } = details
      const first = await callOperation(session, 'bind', incomplete(call), details)
      if (first.outcome !== 'accepted') return bound(first, requestIdentity, options)
      const pending = { ...call, operation: 'bind', ...details, accepted: first } as const
      const end = await waitForOperation(session, polling, pending, options)
      const { instance_id, binding_id, service_id, plan_id } = call
      const { originatingIdentity, signal } = options
      const hints = { instance_id, binding_id, service_id, plan_id }
      const { body } = await callOperation(session, 'fetchBinding', hints, { originatingIdentity, signal })
      return bound({ outcome: 'created', body, ...lastOperationOf(end) }, requestIdentity, options)
    },
  }
}

/** A session whose messages keep the parameters of a call secret through its polls too. */
function keeping(session: Session, parameters: unknown): Session {
  return { ...session, secrets: [session.secrets, parameters] }
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

function deletion(end: {
  readonly end: 'succeeded' | 'gone'
  readonly lastOperation?: LastOperation | undefined
}): Deletion {
  return { outcome: end.end === 'gone' ? 'gone' : 'deleted', ...lastOperationOf(end) }
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
