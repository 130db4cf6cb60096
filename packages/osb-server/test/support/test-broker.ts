import {
  type Broker,
  type BrokerStore,
  createBroker,
  defineOffering,
  definePlan,
  type ManagedBroker,
  memoryStore,
  noAuth,
  type OfferingBehaviour,
} from 'osb-server'
import { afterEach } from 'vitest'
import { z } from 'zod'

const small = definePlan({
  id: 'plan-small',
  name: 'small',
  description: 'Small',
  plan_updateable: true,
  maintenance_info: { version: '1.0.0' },
  parameters: {
    provision: z.object({ charset: z.enum(['utf8', 'latin1']).default('utf8'), size: z.int().optional() }),
    update: z.object({ size: z.int().optional() }),
    bind: z.object({ read_only: z.boolean().default(false) }),
  },
})
const large = definePlan({
  id: 'plan-large',
  name: 'large',
  description: 'Large',
  binding_rotatable: true,
  maximum_polling_duration: 1,
})

type Offering = Parameters<typeof defineOffering<[typeof small, typeof large], { host: string }>>[0]
export type Handlers = Partial<
  Pick<Offering, 'provision' | 'update' | 'deprovision' | 'bind' | 'unbind' | 'readBinding' | 'dashboardUrl'>
>
export type Properties = Partial<Pick<Offering, keyof OfferingBehaviour | 'allow_context_updates' | 'checkpoints'>>

/** An offering whose functions return at once unless a test gives others. */
function testOffering(handlers: Handlers = {}, properties: Properties = {}) {
  return defineOffering<[typeof small, typeof large], { host: string }>({
    id: 'service',
    name: 'mysql',
    description: 'MySQL',
    bindable: true,
    plans: [small, large],
    provision: async ({ instance_id }) => ({ state: { host: `host-of-${instance_id}` } }),
    update: async () => ({}),
    deprovision: async () => {},
    bind: async ({ instance, binding_id }) => ({ credentials: { host: instance.state.host, username: binding_id } }),
    unbind: async () => {},
    ...properties,
    ...handlers,
  })
}

export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown> & { readonly operation?: string }
  readonly headers: Headers
}

export interface TestBroker {
  readonly broker: ManagedBroker
  readonly store: BrokerStore
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  provision(id: string, more?: Record<string, unknown>, query?: string): Promise<Answer>
  update(id: string, more?: Record<string, unknown>, query?: string): Promise<Answer>
  bind(id: string, binding: string, more?: Record<string, unknown>, query?: string): Promise<Answer>
  unbind(id: string, binding: string, query?: string): Promise<Answer>
  deprovision(id: string, query?: string): Promise<Answer>
  poll(id: string, operation?: string): Promise<Answer>
  /** Polls an instance, or a binding given as `i/service_bindings/b`, until its operation has ended. */
  pollToEnd(id: string, operation?: string): Promise<Answer>
}

export const incomplete = '?accepts_incomplete=true'
const place = { organization_guid: 'org', space_guid: 'space' }
const ids = 'service_id=service&plan_id=plan-small'

type Options = Partial<Omit<Parameters<typeof createBroker>[0], 'offerings' | 'auth'>>

const open: Broker[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((broker) => broker.close()))
})

/** A broker of one offering, called without a port. Closed after the test. */
export function testBroker(handlers: Handlers = {}, options: Options & { properties?: Properties } = {}): TestBroker {
  const { properties, ...rest } = options
  const store = options.store ?? memoryStore()
  const broker = createBroker({
    offerings: [testOffering(handlers, properties)],
    auth: noAuth(),
    store,
    syncWindowMs: 20,
    drainMs: 50,
    onError: () => {},
    ...rest,
  })
  open.push(broker)

  async function send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const content =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
    const response = await broker.fetch(
      new Request(`http://broker.test${path}`, {
        method,
        ...content,
        headers: { 'X-Broker-API-Version': '2.17', ...content.headers, ...headers },
      }),
    )
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? {} : (JSON.parse(text) as Answer['body']),
    }
  }

  const instance = (id: string) => `/v2/service_instances/${id}`
  const binding = (id: string, name: string) => `${instance(id)}/service_bindings/${name}`
  const base = { service_id: 'service', plan_id: 'plan-small' }
  const poll = (id: string, operation?: string) =>
    send('GET', `${instance(id)}/last_operation${operation === undefined ? '' : `?operation=${operation}`}`)
  return {
    broker,
    store,
    send,
    provision: (id, more = {}, query = '') => send('PUT', instance(id) + query, { ...base, ...place, ...more }),
    update: (id, more = {}, query = '') => send('PATCH', instance(id) + query, { service_id: 'service', ...more }),
    bind: (id, name, more = {}, query = '') => send('PUT', binding(id, name) + query, { ...base, ...more }),
    unbind: (id, name, query = '') => send('DELETE', `${binding(id, name)}${query === '' ? '?' : `${query}&`}${ids}`),
    deprovision: (id, query = '') => send('DELETE', `${instance(id)}${query === '' ? '?' : `${query}&`}${ids}`),
    poll,
    async pollToEnd(id, operation) {
      for (let attempt = 0; attempt < 500; attempt++) {
        const answer = await poll(id, operation)
        if (answer.body['state'] !== 'in progress') return answer
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      throw new Error('the operation did not end')
    },
  }
}

/** A promise and its ends, to hold an author's function back. */
export function gate<Value = void>() {
  let open!: (value: Value) => void
  const passed = new Promise<Value>((resolve) => {
    open = resolve
  })
  return { open, passed }
}

/** A store as a process sees it that is about to die or is paused: it can renew no lease and takes nothing over. */
export function deaf(store: BrokerStore): BrokerStore {
  return { ...store, renewLease: () => new Promise(() => {}), claimLapsed: () => Promise.resolve([]) }
}
