import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { basicAuth, createBroker } from 'osb-server'
import { type NodeHandler, toNodeHandler } from 'osb-server/node'
import type { Engine } from '../engine/engine.js'
import { keepHouse } from './keep-house.js'
import type { LogLine } from './log-line.js'
import { instanceMetrics } from './instance-metrics.js'
import { makeOfferings, storedOfferings } from './make-offerings.js'
import { openStore } from './open-store.js'
import type { LoadedBrokerFile } from './read-broker-file.js'
import { requestMetrics } from './request-metrics.js'

/** A broker that listens. */
export interface RunningBroker {
  readonly url: string
  /** Answers what has begun, hands on what runs, and lets go of everything; the services go on running. */
  close(): Promise<void>
}

const answerMs = 5_000
/** Provisioning takes seconds: a platform that can poll is told 202 at once. */
const syncWindowMs = 50

/**
 * Serves the broker of a file, and beside it `/health` (200 while the engine answers, else 503) and `/metrics`. Fetches
 * images that are missing, and holds instances to the storage of their plans.
 * @throws StoreError, ProvisionerError or TypeError when it cannot work as the file says
 */
export async function serveBroker(
  loaded: LoadedBrokerFile,
  engine: Engine,
  log: (line: LogLine) => void,
): Promise<RunningBroker> {
  const { config, password } = loaded
  const offerings = makeOfferings(loaded, engine)
  const metrics = requestMetrics()
  const store = await openStore(loaded)
  try {
    const broker = createBroker({
      offerings,
      store,
      auth: basicAuth({ username: config.login.username, password }),
      syncWindowMs,
      ...(config.lenient && { requireApiVersion: false, lenientContentType: true }),
      onOutcome(report) {
        metrics.onOutcome(report)
        const { operation, instance_id, binding_id, requestIdentity } = report.request
        const { status, error, durationMs } = report
        log({ message: 'request', operation, instance_id, binding_id, requestIdentity, status, error, durationMs })
      },
      onError: (error, { operation, instance_id, binding_id }) =>
        log({ level: 'error', message: 'failed', operation, instance_id, binding_id, reason: String(error) }),
    })
    const stored = storedOfferings(loaded)
    const allMetrics = async () => metrics.text() + (await instanceMetrics(engine, config.name, stored))
    const handler = route(toNodeHandler(broker), engine, allMetrics)
    const server = config.listen.tls ? await tlsServer(loaded, handler) : createServer(handler)
    const host = config.listen.host ?? '127.0.0.1'
    server.listen(config.listen.port, host)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const stopHouse = keepHouse(loaded, engine, log)
    return {
      url: `${config.listen.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
      async close() {
        const closed = once(server, 'close')
        server.close()
        server.closeIdleConnections()
        await stopHouse()
        await broker.close()
        server.closeAllConnections()
        await closed
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

async function tlsServer({ config, path }: LoadedBrokerFile, handler: NodeHandler) {
  const { keyFile = '', certificateFile = '' } = config.listen.tls ?? {}
  const [key, cert] = await Promise.all([readFile(path(keyFile)), readFile(path(certificateFile))])
  return createTlsServer({ key, cert }, handler)
}

function route(broker: NodeHandler, engine: Engine, metrics: () => Promise<string>) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === '/metrics') {
      void metrics().then((text) => response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(text))
    } else if (request.url === '/health') {
      engine.info({ timeoutMs: answerMs }).then(
        () => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"status":"up"}'),
        () => response.writeHead(503, { 'Content-Type': 'application/json' }).end('{"status":"engine unreachable"}'),
      )
    } else broker(request, response)
  }
}
