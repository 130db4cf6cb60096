import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { z } from 'zod'
import { basicAuth } from '../../src/auth/basic-auth.js'
import type { BrokerBackend } from '../../src/backend.js'
import { toNodeHandler } from '../../src/node.js'
import { assembleBroker } from '../../src/wire/assemble-broker.js'
import type { Broker } from '../../src/wire/broker.js'
import { answers, catalog, password, username } from './world.js'

const parameters = z.object({ charset: z.enum(['utf8mb4', 'latin1']), storage_gb: z.int().min(1).optional() })

/** The wire storey with everything on, over a back end that has nothing to do. */
function wireBroker(): Broker {
  const backend: BrokerBackend = {
    catalog: async () => ({ outcome: 'found', body: catalog }),
    provision: async () => ({ outcome: 'created', body: answers.provision }),
    fetchInstance: async () => ({ outcome: 'found', body: {} }),
    update: async () => ({ outcome: 'updated', body: {} }),
    deprovision: async () => ({ outcome: 'deleted', body: {} }),
    lastInstanceOperation: async () => ({ outcome: 'found', body: answers.lastOperation }),
    bind: async () => ({ outcome: 'created', body: structuredBind }),
    fetchBinding: async () => ({ outcome: 'found', body: {} }),
    unbind: async () => ({ outcome: 'deleted', body: {} }),
    lastBindingOperation: async () => ({ outcome: 'found', body: answers.lastOperation }),
  }
  return assembleBroker(
    backend,
    { auth: basicAuth({ username, password }) },
    {
      parametersOf: () => ({ provision: parameters, bind: parameters }),
    },
  )
}

const structuredBind = { credentials: answers.bind.credentials, endpoints: [{ host: 'db.internal', ports: ['3306'] }] }

export function brokerServer(): Server {
  return createServer(toNodeHandler(wireBroker()))
}

/** The same through `fetch`, with the fastest known adapter between the two. */
export function fetchServer(): Server {
  const { fetch } = wireBroker()
  const listener = getRequestListener((request) => fetch(request), { overrideGlobalObjects: false })
  return createServer((request, response) => void listener(request, response))
}
