import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findEngine, labels } from 'docker-provisioner'
import { startBroker } from '../../../scripts/demo/broker-process.js'

/** The broker of the demo, for tests that see it as a user does. */
export interface CollectorBroker {
  readonly url: string
  readonly password: string
  /** What its engine still has of these instances: containers, networks and volumes. */
  leftovers(instance_ids: readonly string[]): Promise<readonly string[]>
  stop(): Promise<void>
}

/** Starts `examples/collector-broker` on an engine, with a login `admin` and a folder of its own. */
export async function startCollector(engine: 'embedded' | 'docker'): Promise<CollectorBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'osb-collector-'))
  const password = randomBytes(12).toString('base64url')
  const settings = {
    HOST: '127.0.0.1',
    PORT: '0',
    BROKER_FOLDER: folder,
    BROKER_USERNAME: 'admin',
    BROKER_PASSWORD: password,
    BROKER_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    BROKER_ENGINE: engine,
  }
  const broker = await startBroker(settings, AbortSignal.timeout(120_000))
  const services = await findEngine({ engine, folder: join(folder, 'services') })
  return {
    url: broker.url,
    password,
    async leftovers(instance_ids) {
      const found = await Promise.all(instance_ids.map((id) => services.list({ [labels.instanceId]: id })))
      return found.flat().map(({ kind, name }) => `${kind} ${name}`)
    },
    async stop() {
      await broker.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
