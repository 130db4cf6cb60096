import { randomUUID } from 'node:crypto'
import { type BrokerClient, isBrokerResponseError } from 'osb-client'
import type { Catalog, ServiceOffering, ServicePlan } from 'osb-protocol'
import { composeVcapServices } from 'vcap-services'
import { runCollectorApp } from './collector-app.js'
import { expectThat, StepFailed, type StepRunner, StepSkipped } from './step-runner.js'

/** What the scenario needs of its surroundings. */
export interface Surroundings {
  readonly client: BrokerClient
  readonly steps: StepRunner
  readonly signal: AbortSignal
  /** Called with the id of each instance before it is ordered, so that nothing can be left behind. */
  ordered(instance_id: string): void
  restartBroker(): Promise<void>
  /** What the engine still has of an instance: names of containers, networks and volumes. */
  leftovers(instance_id: string): Promise<readonly string[]>
}

/** An ordered and bound service, with all that is needed to talk about it. */
export interface Order {
  readonly offering: ServiceOffering
  readonly plan: ServicePlan
  readonly instance_id: string
  readonly binding_id: string
  readonly service_id: string
  readonly plan_id: string
  readonly organization_guid: string
  readonly space_guid: string
}

/** Makes an order of the offering's plan of this name. */
export function newOrder(catalog: Catalog, offeringName: string, planName: string): Order {
  const offering = catalog.services.find(({ name }) => name === offeringName)
  const plan = offering?.plans.find(({ name }) => name === planName)
  if (!offering || !plan) throw new StepFailed(`the catalog has no offering ${offeringName} with a plan ${planName}`)
  return {
    offering,
    plan,
    instance_id: randomUUID(),
    binding_id: randomUUID(),
    service_id: offering.id,
    plan_id: plan.id,
    organization_guid: randomUUID(),
    space_guid: randomUUID(),
  }
}

const polling = { startIntervalMs: 200, maxIntervalMs: 1_000, maximumPollingMs: 600_000 }

/** Orders, binds and fetches the service: the part that every offering shares. */
export async function orderAndBind({ client, steps, signal, ordered }: Surroundings, order: Order): Promise<object> {
  const { offering, plan, instance_id, service_id, plan_id, organization_guid, space_guid } = order
  const call = { instance_id, service_id, plan_id, organization_guid, space_guid }
  const what = `${offering.name} ${plan.name}`
  await steps.run(`provision ${what}`, async () => {
    ordered(instance_id)
    let polls = 0
    const { outcome } = await client.provisionAndWait(
      { ...call, instance_id },
      {
        signal,
        ...polling,
        onProgress: () => void polls++,
      },
    )
    expectThat(outcome === 'created', `the outcome was ${outcome}`)
    expectThat(polls > 0, 'the broker answered at once, though it was to answer 202')
    return [`202, then succeeded after ${polls} polls`, undefined]
  })
  await steps.run(`fetch the ${offering.name} instance`, async () => {
    const { body } = await client.fetchInstance({ instance_id }, { signal })
    expectThat(body.plan_id === plan.id, 'the instance has another plan')
    return [`200, plan ${plan.name}`, undefined]
  })
  const credentials = await steps.run(`bind ${offering.name}`, async () => {
    const bound = await client.bindAndWait(bindCall(order), { signal, ...polling })
    expectThat(bound.outcome === 'created', `the outcome was ${bound.outcome}`)
    const fields = Object.keys(bound.credentials ?? {})
    expectThat(fields.length > 0, 'the binding has no credentials')
    return [`credentials: ${fields.join(', ')}`, bound.credentials as object]
  })
  return credentials as object
}

/** What the founding document describes, from the app's point of view and the operator's. */
export async function useCollector(surroundings: Surroundings, order: Order, credentials: object): Promise<void> {
  const { client, steps, signal } = surroundings
  const { offering, plan, binding_id, ...call } = order
  const vcapServices = composeVcapServices([
    {
      offering,
      plan,
      credentials,
      instance_guid: call.instance_id,
      instance_name: 'app-python-collector',
      binding_guid: binding_id,
    },
  ])
  await steps.run('the app uses its service', async () => [await runCollectorApp(vcapServices, signal), undefined])
  await steps.run('repeat the provision', async () => {
    const { outcome } = await client.provision({ ...call, accepts_incomplete: true }, { signal })
    expectThat(outcome === 'exists', `the outcome was ${outcome}`)
    return ['200', undefined]
  })
  await steps.run('repeat the bind', async () => {
    const repeated = await client.bind(bindCall(order), { signal })
    expectThat(repeated.outcome === 'exists', `the outcome was ${repeated.outcome}`)
    expectThat(sameJson(repeated.body.credentials, credentials), 'the credentials are others than before')
    return ['200 and the same credentials', undefined]
  })
  await steps.run('provision with another plan', async () => {
    const other = offering.plans.find(({ id }) => id !== plan.id)
    if (!other) throw new StepFailed('the offering has one plan only')
    await expectStatus(409, client.provision({ ...call, plan_id: other.id, accepts_incomplete: true }, { signal }))
    return ['409', undefined]
  })
  await steps.run('restart the broker', async () => {
    await surroundings.restartBroker()
    const [instance, binding] = await Promise.all([
      client.fetchInstance({ instance_id: call.instance_id }, { signal }),
      client.fetchBinding({ instance_id: call.instance_id, binding_id }, { signal }),
    ])
    expectThat(instance.body.plan_id === plan.id, 'the instance has changed')
    expectThat(sameJson(binding.body.credentials, credentials), 'the credentials have changed')
    const count = await countRecords(credentials, signal)
    expectThat(count >= 100, `of at least 100 records ${count} are left`)
    return [`instance, binding and ${count} records are still there`, undefined]
  })
}

/** Takes the service away again. */
export async function dropOrder(surroundings: Surroundings, order: Order, credentials: object): Promise<void> {
  const { client, steps, signal } = surroundings
  const { offering, plan_id, service_id, instance_id, binding_id } = order
  const ids = { service_id, plan_id, instance_id }
  await steps.run(`unbind ${offering.name}`, async () => {
    const { outcome } = await client.unbindAndWait({ ...ids, binding_id }, { signal, ...polling })
    expectThat(outcome === 'deleted', `the outcome was ${outcome}`)
    if (offering.name !== 'collector') return ['200', undefined]
    const status = await requestStatus(credentials, signal)
    expectThat(status === 401, `the service answers the old credentials with ${status}`)
    return ['the service refuses the old credentials: 401', undefined]
  })
  await steps.run(`deprovision ${offering.name}`, async () => {
    const { outcome } = await client.deprovisionAndWait(ids, { signal, ...polling })
    expectThat(outcome === 'deleted', `the outcome was ${outcome}`)
    const left = await surroundings.leftovers(instance_id)
    expectThat(left.length === 0, `the engine still has ${left.join(', ')}`)
    return ['container, network and volumes are gone', undefined]
  })
  await steps.run(`repeat both deletes of ${offering.name}`, async () => {
    const unbound = await client.unbind({ ...ids, binding_id }, { signal })
    const deprovisioned = await client.deprovision(ids, { signal })
    expectThat(unbound.outcome === 'gone' && deprovisioned.outcome === 'gone', 'one of them was not 410')
    return ['410 and 410', undefined]
  })
}

/** Redis joins in where its image is; the broker offers it only then. */
export async function useRedis(surroundings: Surroundings, catalog: Catalog): Promise<void> {
  if (!catalog.services.some(({ name }) => name === 'redis')) {
    await surroundings.steps.run('redis', async () => {
      throw new StepSkipped('its image is not on this engine')
    })
    return
  }
  const order = newOrder(catalog, 'redis', 'small')
  const credentials = await orderAndBind(surroundings, order)
  await dropOrder(surroundings, order, credentials)
}

function bindCall({ instance_id, binding_id, service_id, plan_id }: Order) {
  return { instance_id, binding_id, service_id, plan_id }
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

async function expectStatus(status: number, call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (isBrokerResponseError(error) && error.status === status) return
    throw error
  }
  throw new StepFailed(`the broker accepted what it had to refuse with ${status}`)
}

async function collectorRequest(credentials: object, path: string, signal: AbortSignal): Promise<Response> {
  const { uri, username, password } = credentials as { uri: string; username: string; password: string }
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  return fetch(new URL(path, uri), {
    headers: { authorization },
    signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
  })
}

async function requestStatus(credentials: object, signal: AbortSignal): Promise<number> {
  const response = await collectorRequest(credentials, 'records', signal)
  await response.arrayBuffer()
  return response.status
}

async function countRecords(credentials: object, signal: AbortSignal): Promise<number> {
  const response = await collectorRequest(credentials, 'records?limit=1', signal)
  const { total } = (await response.json()) as { total: number }
  return total
}
