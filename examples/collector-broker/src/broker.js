// A whole service broker: offerings of docker-provisioner, state in an SQLite file, plain node:http.
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findEngine } from 'docker-provisioner'
import { basicAuth, createBroker } from 'osb-server'
import { toNodeHandler } from 'osb-server/node'
import { sqliteStore } from 'osb-server/sqlite'
import { collectorOffering } from './collector-offering.js'
import { redisOfferings } from './redis-offering.js'
import { readSettings } from './settings.js'

const settings = readSettings(process.env)
const folder = resolve(settings.folder)
mkdirSync(folder, { recursive: true, mode: 0o700 })

const engine = await findEngine({ engine: settings.engine, folder: join(folder, 'services') })
const store = await sqliteStore({ file: join(folder, 'broker.db'), encryptionKey: settings.encryptionKey })
const collectorFolder = fileURLToPath(new URL('../../collector-service', import.meta.url))
const broker = createBroker({
  offerings: [collectorOffering(engine, collectorFolder), ...(await redisOfferings(engine))],
  auth: basicAuth({ username: settings.username, password: settings.password }),
  store,
  // Provisioning takes seconds: a platform that can poll is told 202 at once.
  syncWindowMs: 20,
  onError: (error, about) => console.error('failed:', JSON.stringify(about), error),
})

const server = createServer(toNodeHandler(broker))
server.listen(settings.port, settings.host, () => {
  const address = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(JSON.stringify({ url: `http://${settings.host}:${address.port}`, engine: engine.kind }))
})

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => void shutDown())

/** Answers what has begun, then lets go of everything; the services go on running. */
async function shutDown() {
  server.close()
  server.closeIdleConnections()
  await broker.close()
  await store.close()
  process.exit(0)
}
