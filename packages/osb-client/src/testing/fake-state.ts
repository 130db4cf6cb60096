import { isDeepStrictEqual } from 'node:util'
import { type Catalog, outcomeStatuses, type OperationName } from 'osb-protocol'

/** A call as the fake broker read it. */
export interface FakeCall {
  readonly operation: OperationName
  readonly instance_id: string
  /** Empty where the call is none of a binding. */
  readonly binding_id: string
  readonly body: unknown
}

/** An answer, before any fault. */
export interface FakeAnswer {
  readonly status: number
  readonly body: object
}

/** What the fake broker has: the body of the request that made each. */
export interface FakeState {
  readonly instances: Map<string, unknown>
  /** By `instance_id/binding_id`. */
  readonly bindings: Map<string, unknown>
}

/** The name of a binding in the state. */
export const bindingKey = (instance_id: string, binding_id: string): string => `${instance_id}/${binding_id}`

/** Does what a call asks for, as a broker does that needs no time, and answers by the protocol. */
export function answerCall(call: FakeCall, catalog: Catalog, { instances, bindings }: FakeState): FakeAnswer {
  const { operation, instance_id, binding_id, body } = call
  const key = bindingKey(instance_id, binding_id)
  switch (operation) {
    case 'catalog':
      return { status: outcomeStatuses.catalog.found, body: catalog }
    case 'provision':
      return create(instances, instance_id, body, {})
    case 'bind':
      return create(bindings, key, body, credentialsOf(binding_id))
    case 'update':
      return instances.has(instance_id) ? { status: 200, body: {} } : missing('instance')
    case 'deprovision':
      return remove(instances, instance_id)
    case 'unbind':
      return remove(bindings, key)
    case 'fetchInstance':
      return instances.has(instance_id) ? { status: 200, body: {} } : missing('instance')
    case 'fetchBinding':
      return bindings.has(key) ? { status: 200, body: credentialsOf(binding_id) } : missing('binding')
    case 'lastInstanceOperation':
      return ended(instances.has(instance_id))
    case 'lastBindingOperation':
      return ended(bindings.has(key))
  }
}

const credentialsOf = (binding_id: string) => ({ credentials: { uri: `fake://${binding_id}` } })
const missing = (what: string): FakeAnswer => ({ status: 404, body: { description: `no such ${what}` } })
const ended = (isThere: boolean): FakeAnswer =>
  isThere ? { status: 200, body: { state: 'succeeded' } } : { status: 410, body: {} }

function create(existing: Map<string, unknown>, key: string, request: unknown, answer: object): FakeAnswer {
  if (!existing.has(key)) {
    existing.set(key, request)
    return { status: 201, body: answer }
  }
  if (isDeepStrictEqual(existing.get(key), request)) return { status: 200, body: answer }
  return { status: 409, body: { description: 'it is there with other attributes' } }
}

function remove(existing: Map<string, unknown>, key: string): FakeAnswer {
  return existing.delete(key) ? { status: 200, body: {} } : { status: 410, body: {} }
}
