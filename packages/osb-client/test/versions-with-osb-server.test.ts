import { type OperationName, operationNames, outcomeStatuses } from 'osb-protocol'
import { type BrokerBackend, createBrokerFromBackend, noAuth, OsbError } from 'osb-server'
import { afterAll, describe, expect, it } from 'vitest'
import { type BrokerClient, createBrokerClient } from '../src/index.js'

const minors = [11, 12, 13, 14, 15, 16, 17] as const
const ids = { instance_id: 'i', binding_id: 'b', service_id: 's', plan_id: 'p' }
const call = {
  ...ids,
  accepts_incomplete: true,
  context: { platform: 'cloudfoundry' },
  organization_guid: 'o',
  space_guid: 'sp',
}
const plan = { id: 'p', name: 'small', description: 'small' }
const offering = {
  id: 's',
  name: 'db',
  description: 'db',
  bindable: true,
  plan_updateable: true,
  instances_retrievable: true,
  bindings_retrievable: true,
  plans: [plan],
}
const bodies: Partial<Record<OperationName, object>> = {
  catalog: { services: [offering] },
  provision: { dashboard_url: 'https://d' },
  bind: { credentials: { uri: 'db://b' } },
  fetchBinding: { credentials: { uri: 'db://b' } },
  lastInstanceOperation: { state: 'in progress' },
  lastBindingOperation: { state: 'in progress' },
}

/** What the back end does next. */
let next: () => Promise<object>
const backend = new Proxy({} as BrokerBackend, {
  get: (_target, name) =>
    operationNames.includes(name as OperationName) ? () => (name === 'catalog' ? catalogFound() : next()) : undefined,
})
const catalogFound = () => Promise.resolve({ outcome: 'found', body: bodies.catalog })
const broker = createBrokerFromBackend(backend, { auth: noAuth(), onError: () => {} })
afterAll(() => broker.close())

/** A client that prefers one version, of our server behind a gate that lets through versions up to another. */
function clientOf(preferred: number, newest: number): BrokerClient {
  return createBrokerClient({
    url: 'http://broker.test',
    auth: 'none',
    apiVersion: `2.${preferred}`,
    fetch(url, init) {
      const minor = Number(init.headers['X-Broker-API-Version']?.split('.')[1])
      if (minor > newest) return Promise.resolve(new Response('{"description":"too new"}', { status: 412 }))
      return broker.fetch(new Request(url, init))
    },
  })
}

const since14: readonly OperationName[] = ['fetchInstance', 'fetchBinding', 'lastBindingOperation']
const outcomes = operationNames.flatMap((operation) =>
  Object.keys(outcomeStatuses[operation]).map((outcome) => [operation, outcome] as const),
)
const errors: readonly (readonly [OsbError, number, string?])[] = [
  [OsbError.badRequest('bad'), 400],
  [OsbError.notFound('none'), 404],
  [OsbError.conflict('other'), 409],
  [OsbError.asyncRequired(), 422, 'AsyncRequired'],
  [OsbError.concurrency('busy'), 422, 'ConcurrencyError'],
  [OsbError.requiresApp(), 422, 'RequiresApp'],
  [OsbError.maintenanceInfoConflict('old'), 422, 'MaintenanceInfoConflict'],
  [OsbError.unprocessable('full'), 422],
  [OsbError.internal(new Error('broken')), 500],
]

async function expectOutcome(client: BrokerClient, operation: OperationName, outcome: string): Promise<void> {
  const body = bodies[operation] ?? {}
  const accepted = { operation: 'o', ...(operation === 'provision' && body) }
  next = () => Promise.resolve({ outcome, body: outcome === 'accepted' ? accepted : body })
  const found = await client.catalog()
  const conditional = outcome === 'unchanged' && found.outcome === 'found' ? { etag: found.etag } : {}
  const answer = await client[operation]({ ...call, ...conditional })
  expect(answer, `${operation} ${outcome}`).toMatchObject(
    outcome === 'unchanged' ? { outcome } : { outcome, body: outcome === 'accepted' ? accepted : body },
  )
}

describe.each(minors)('a client of version 2.%i', (preferred) => {
  it.each(minors)('and our server, up to version 2.%i: every operation and outcome', async (newest) => {
    const spoken = Math.min(preferred, newest)
    for (const [operation, outcome] of outcomes) {
      const client = clientOf(preferred, newest)
      const isBindingAccepted = outcome === 'accepted' && (operation === 'bind' || operation === 'unbind')
      if (spoken < 14 && since14.includes(operation)) {
        await client.catalog()
        const failed = { code: 'UNSUPPORTED_VERSION', apiVersion: `2.${spoken}`, neededVersion: '2.14' }
        await expect(client[operation](call as never)).rejects.toMatchObject(failed)
      } else if (spoken < 14 && isBindingAccepted) {
        // Not asked for, so our server refuses to send what its back end says.
        await expect(expectOutcome(client, operation, outcome)).rejects.toMatchObject({ status: 500 })
      } else await expectOutcome(client, operation, outcome)
      expect(client.apiVersion).toBe(`2.${spoken}`)
    }
  })

  it.each(minors)('and our server, up to version 2.%i: every operation and error', async (newest) => {
    const spoken = Math.min(preferred, newest)
    for (const operation of operationNames.filter((name) => name !== 'catalog'))
      for (const [error, status, code] of errors) {
        if (spoken < 14 && since14.includes(operation)) continue
        next = () => Promise.reject(error)
        const failed: unknown = await clientOf(preferred, newest)
          [operation](call as never)
          .catch((caught: unknown) => caught)
        const body = code === undefined ? {} : { error: code }
        expect(failed, `${operation} ${status}`).toMatchObject({ code: 'BROKER_RESPONSE', status, body })
      }
  })
})
