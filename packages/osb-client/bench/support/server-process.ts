// The broker, in a process of its own: osb-server over a back end that has nothing to do. Says by messages on which port
// it listens, and how many connections it has.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basicAuth, type BrokerBackend, createBrokerFromBackend } from 'osb-server'
import { toNodeHandler } from 'osb-server/node'
import { answers, auth, catalog } from './world.js'

const backend: BrokerBackend = {
  catalog: async () => ({ outcome: 'found', body: catalog }),
  provision: async () => ({ outcome: 'created', body: answers.provision }),
  fetchInstance: async () => ({ outcome: 'found', body: {} }),
  update: async () => ({ outcome: 'updated', body: {} }),
  deprovision: async () => ({ outcome: 'deleted', body: {} }),
  lastInstanceOperation: async () => ({ outcome: 'found', body: { state: 'succeeded' } }),
  bind: async () => ({ outcome: 'created', body: answers.bind }),
  fetchBinding: async () => ({ outcome: 'found', body: {} }),
  unbind: async () => ({ outcome: 'deleted', body: {} }),
  lastBindingOperation: async () => ({ outcome: 'found', body: { state: 'succeeded' } }),
}
const server = createServer(toNodeHandler(createBrokerFromBackend(backend, { auth: basicAuth(auth) })))
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('message', () => server.getConnections((_error, connections) => process.send?.({ connections })))
process.on('disconnect', () => process.exit())
