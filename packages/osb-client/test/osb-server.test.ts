import { once } from 'node:events'
import { createServer } from 'node:http'
import { basicAuth, createBroker, defineOffering, definePlan, memoryStore } from 'osb-server'
import { toNodeHandler } from 'osb-server/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type BrokerClient, type BrokerClientOptions, createBrokerClient, isBrokerResponseError } from '../src/index.js'

const auth = { username: 'platform', password: 'hunter2' }
const [service_id, small, large] = ['offering-1', 'plan-small', 'plan-large'] as const
const definePlanOf = (id: string, name: string) => definePlan({ id, name, description: name })

/** Slow enough that a call with `accepts_incomplete=true` is answered 202. */
const work = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60))

const offering = defineOffering({
  id: service_id,
  name: 'store',
  description: 'A store',
  bindable: true,
  plan_updateable: true,
  plans: [definePlanOf(small, 'small'), definePlanOf(large, 'large')],
  async provision({ parameters, progress }) {
    await progress('half way')
    await work()
    if (parameters['fail']) throw new Error('no space')
    return { state: {} }
  },
  async update() {
    await work()
    return { state: {} }
  },
  async deprovision() {
    await work()
  },
  async bind({ binding_id }) {
    await work()
    return { credentials: { uri: `store://${binding_id}` } }
  },
  async unbind() {
    await work()
  },
})

/** Client and server are each other's best check; the first way is the one that the README shows. */
describe.each(['in-process', 'over HTTP'])('a client of our own server, %s', (way) => {
  const broker = createBroker({
    offerings: [offering],
    auth: basicAuth(auth),
    store: memoryStore(),
    syncWindowMs: 5,
    onError: () => {},
  })
  const server = createServer(toNodeHandler(broker))
  let open: (options?: Partial<BrokerClientOptions>) => BrokerClient
  let client: BrokerClient
  const ids = { instance_id: 'a/b ..%2F', service_id, plan_id: small, organization_guid: 'o', space_guid: 's' }
  const binding = { instance_id: ids.instance_id, binding_id: 'ключ', service_id, plan_id: large }

  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
    const inProcess = { fetch: (target: string, init: RequestInit) => broker.fetch(new Request(target, init)) }
    open = (options) =>
      createBrokerClient({
        url,
        auth,
        polling: { startIntervalMs: 10, maxIntervalMs: 20 },
        ...(way === 'in-process' && inProcess),
        ...options,
      })
    client = open()
  })
  afterAll(async () => {
    await client.close()
    server.close()
    await broker.close()
  })

  it('CAT-11, CAT-10: reads the catalog, and nothing when it is unchanged', async () => {
    const found = await client.catalog()
    expect(found).toMatchObject({ outcome: 'found', body: { services: [{ id: service_id }] } })
    const etag = found.outcome === 'found' ? found.etag : undefined
    expect(await client.catalog({ etag })).toEqual({ outcome: 'unchanged' })
  })

  it('AUTH-07: a wrong password is a 401 of the broker', async () => {
    const stranger = open({ auth: { ...auth, password: 'wrong' } })
    const error: unknown = await stranger.catalog().catch((caught: unknown) => caught)
    expect(isBrokerResponseError(error) && error.status).toBe(401)
    await stranger.close()
  })

  it('provisions, updates, binds, unbinds and deprovisions, each to its end', async () => {
    const progress: (string | undefined)[] = []
    const provisioned = await client.provisionAndWait(ids, {
      onProgress: ({ description }) => void progress.push(description),
    })
    expect(provisioned).toMatchObject({ outcome: 'created', lastOperation: { state: 'succeeded' } })
    expect(progress).toContain('half way')
    expect(await client.provisionAndWait(ids)).toMatchObject({ outcome: 'exists' })
    await expect(client.provision({ ...ids, plan_id: large })).rejects.toMatchObject({ status: 409 })

    const update = { instance_id: ids.instance_id, service_id, plan_id: large, previous_values: { plan_id: small } }
    expect(await client.updateAndWait(update)).toMatchObject({ outcome: 'updated' })
    expect(await client.fetchInstance(ids)).toMatchObject({ outcome: 'found', body: { plan_id: large } })

    const bound = await client.bindAndWait(binding, { credentials: z.object({ uri: z.string() }) })
    expect(bound).toMatchObject({ outcome: 'created', credentials: { uri: 'store://ключ' } })
    expect(await client.fetchBinding(binding)).toMatchObject({ body: { credentials: bound.credentials } })

    expect(await client.unbindAndWait(binding)).toMatchObject({ outcome: 'deleted' })
    expect(await client.unbindAndWait(binding)).toMatchObject({ outcome: 'gone' })
    const deprovision = { instance_id: ids.instance_id, service_id, plan_id: large }
    expect(await client.deprovisionAndWait(deprovision)).toMatchObject({ outcome: 'deleted' })
    expect(await client.deprovision(deprovision)).toMatchObject({ outcome: 'gone' })
  })

  it('ORPH-07: a provision that fails later is told with what to delete', async () => {
    const call = { ...ids, instance_id: 'doomed', parameters: { fail: true } }
    await expect(client.provisionAndWait(call)).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      orphanMitigation: 'instance',
      lastOperation: { state: 'failed' },
    })
  })
})
