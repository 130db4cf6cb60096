import { createServer, type Server } from 'node:http'
import { z } from 'zod'
import {
  type BrokerBackend,
  type BrokerStore,
  createBroker,
  defineOffering,
  definePlan,
  memoryStore,
  toCatalog,
} from '../../src/index.js'
import { basicAuth } from '../../src/auth/basic-auth.js'
import { toNodeHandler } from '../../src/node.js'
import { postgresStore } from '../../src/postgres.js'
import { assembleBroker } from '../../src/wire/assemble-broker.js'
import type { Broker } from '../../src/wire/broker.js'
import { answers, ids, password, username } from './world.js'

const parameters = {
  provision: z.object({ charset: z.enum(['utf8mb4', 'latin1']), storage_gb: z.int().min(1).optional() }),
  bind: z.object({ read_only: z.boolean().default(false) }),
}
export const encryptionKey = Buffer.alloc(32, 7)
const auth = basicAuth({ username, password })
const dashboardOf = ({ instance_id }: { readonly instance_id: string }) =>
  `https://dashboard.example.com/${instance_id}`

const database = defineOffering({
  id: ids.service_id,
  name: 'database',
  description: 'A database',
  bindable: true,
  plans: [definePlan({ id: ids.plan_id, name: 'small', description: 'Small', parameters })],
  dashboardUrl: dashboardOf,
  provision: async ({ instance_id }) => ({ state: { host: `${instance_id}.internal`, admin: 'root' } }),
  bind: async () => ({ credentials: answers.bind.credentials }),
  unbind: async () => {},
  deprovision: async () => {},
})

/** The wire storey over a back end that keeps nothing: what any lifecycle comes on top of. */
export function statelessServer(): Server {
  const catalog = toCatalog([database])
  const backend: BrokerBackend = {
    catalog: async () => ({ outcome: 'found', body: catalog }),
    provision: async (call) => ({ outcome: 'created', body: { dashboard_url: dashboardOf(call) } }),
    fetchInstance: async () => ({ outcome: 'found', body: {} }),
    update: async () => ({ outcome: 'updated', body: {} }),
    deprovision: async () => ({ outcome: 'deleted', body: {} }),
    lastInstanceOperation: async () => ({ outcome: 'found', body: answers.lastOperation }),
    bind: async () => ({ outcome: 'created', body: { credentials: answers.bind.credentials } }),
    fetchBinding: async () => ({ outcome: 'found', body: {} }),
    unbind: async () => ({ outcome: 'deleted', body: {} }),
    lastBindingOperation: async () => ({ outcome: 'found', body: answers.lastOperation }),
  }
  return serve(assembleBroker(backend, { auth }, { parametersOf: () => parameters }))
}

/** The lifecycle storey with the memory store. */
export function memoryServer(): Server {
  return serve(lifecycleBroker(memoryStore()))
}

/** The lifecycle storey on the database of `DATABASE_URL`. */
export async function postgresServer(): Promise<Server> {
  const connectionString = process.env['DATABASE_URL'] ?? ''
  return serve(lifecycleBroker(await postgresStore({ connectionString, encryptionKey })))
}

export function lifecycleBroker(store: BrokerStore): Broker {
  return createBroker({ offerings: [database], auth, store })
}

function serve(broker: Broker): Server {
  return createServer(toNodeHandler(broker))
}
