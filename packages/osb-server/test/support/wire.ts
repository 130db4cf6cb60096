import { type Catalog, headerNames } from 'osb-protocol'
import type { BrokerBackend } from '../../src/backend.js'
import { noAuth } from '../../src/auth/no-auth.js'
import type { Broker } from '../../src/wire/broker.js'
import type { BrokerOptions } from '../../src/wire/broker-options.js'
import { createBrokerFromBackend } from '../../src/wire/create-broker-from-backend.js'

/** One offering that allows all, one that allows nothing. */
export const catalog: Catalog = {
  services: [
    {
      id: 'open',
      name: 'open-db',
      description: 'allows all',
      bindable: true,
      instances_retrievable: true,
      bindings_retrievable: true,
      allow_context_updates: true,
      plan_updateable: true,
      plans: [
        {
          id: 'open-small',
          name: 'small',
          description: 'small',
          binding_rotatable: true,
          maintenance_info: { version: '1.0.0' },
        },
        { id: 'open-large', name: 'large', description: 'large', plan_updateable: false, bindable: false },
      ],
    },
    {
      id: 'shut',
      name: 'shut-db',
      description: 'allows nothing',
      bindable: false,
      plans: [
        { id: 'shut-small', name: 'small', description: 'small' },
        { id: 'shut-large', name: 'large', description: 'large', bindable: true, plan_updateable: true },
      ],
    },
  ],
}

/** A back end where everything works at once, but for what a test gives. */
export function fakeBackend(own: Partial<BrokerBackend> = {}): BrokerBackend {
  const found = { outcome: 'found', body: {} } as const
  const deleted = { outcome: 'deleted', body: {} } as const
  const polled = { outcome: 'found', body: { state: 'succeeded' } } as const
  return {
    catalog: async () => ({ outcome: 'found', body: catalog }),
    provision: async () => ({ outcome: 'created', body: {} }),
    fetchInstance: async () => found,
    update: async () => ({ outcome: 'updated', body: {} }),
    deprovision: async () => deleted,
    lastInstanceOperation: async () => polled,
    bind: async () => ({ outcome: 'created', body: { credentials: { password: 'pw' } } }),
    fetchBinding: async () => found,
    unbind: async () => deleted,
    lastBindingOperation: async () => polled,
    ...own,
  }
}

/** A broker open to everybody, over a fake back end. */
export function fakeBroker(own: Partial<BrokerBackend> = {}, options: Partial<BrokerOptions> = {}): Broker {
  return createBrokerFromBackend(fakeBackend(own), { auth: noAuth(), ...options })
}

export interface Answered {
  readonly status: number
  readonly headers: Headers
  /** The parsed body; undefined when there was none. */
  readonly body: unknown
}

type Init = { readonly body?: unknown; readonly headers?: Record<string, string | undefined> }

/** Sends a well-formed request, but for what `init` says; a header given as undefined is left out. */
export async function send(broker: Broker, line: string, init: Init = {}): Promise<Answered> {
  const [method = 'GET', target = ''] = line.split(' ')
  const body = init.body === undefined || typeof init.body === 'string' ? init.body : JSON.stringify(init.body)
  const headers = new Headers({ [headerNames.apiVersion]: '2.17' })
  if (body !== undefined) headers.set('content-type', 'application/json')
  for (const [name, value] of Object.entries(init.headers ?? {}))
    if (value === undefined) headers.delete(name)
    else headers.set(name, value)
  // Bytes, since a text would bring a content type of its own.
  const bytes = body === undefined ? null : new TextEncoder().encode(body)
  const response = await broker.fetch(new Request(`http://broker${target}`, { method, headers, body: bytes }))
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
}

export const provisionBody = { service_id: 'open', plan_id: 'open-small' }
export const instance = '/v2/service_instances/i1'
export const binding = `${instance}/service_bindings/b1`
export const ids = 'service_id=open&plan_id=open-small'
