import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findEngine, labels } from 'docker-provisioner'
import { type BrokerClient, createBrokerClient } from 'osb-client'
import { type BrokerProcess, startBroker } from './broker-process.js'
import type { DemoOptions } from './options.js'

/** A running broker with a folder and logins of its own, and what it takes to leave nothing of it behind. */
export interface DemoBroker {
  readonly client: BrokerClient
  readonly engine: string
  readonly url: string
  readonly username: string
  readonly password: string
  readonly folder: string
  /** The broker's process; another one after a restart. */
  pid(): number
  restart(signal?: NodeJS.Signals): Promise<void>
  leftovers(instance_id: string): Promise<readonly string[]>
  /** Removes what these instances left in the engine, ends the broker and removes its folder. */
  cleanUp(instance_ids: readonly string[]): Promise<void>
  /** Lets the broker live on. */
  release(): Promise<void>
}

/** Starts the broker of `examples/collector-broker` on a free port of this host. */
export async function startDemoBroker(options: Pick<DemoOptions, 'engine'>, signal: AbortSignal): Promise<DemoBroker> {
  const folder = await mkdtemp(join(tmpdir(), 'osb-demo-'))
  const username = 'admin'
  const password = randomBytes(18).toString('base64url')
  const settings = {
    HOST: '127.0.0.1',
    PORT: '0',
    BROKER_FOLDER: folder,
    BROKER_USERNAME: username,
    BROKER_PASSWORD: password,
    BROKER_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    ...(options.engine === undefined ? {} : { BROKER_ENGINE: options.engine }),
  }
  let broker: BrokerProcess
  try {
    broker = await startBroker(settings, signal)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  const { url } = broker
  const kind = broker.engine === 'docker' ? 'docker' : 'embedded'
  const engine = await findEngine({ engine: kind, folder: join(folder, 'services') })
  const client = createBrokerClient({ url, auth: { username, password } })
  const remains = (instance_id: string) => engine.list({ [labels.instanceId]: instance_id })
  return {
    client,
    engine: kind,
    url,
    username,
    password,
    folder,
    pid: () => broker.pid,
    async restart(how) {
      await broker.stop(how)
      broker = await startBroker({ ...settings, PORT: new URL(url).port }, signal)
    },
    async leftovers(instance_id) {
      return (await remains(instance_id)).map(({ kind: what, name }) => `${what} ${name}`)
    },
    async cleanUp(instance_ids) {
      await client.close()
      await broker.stop()
      for (const instance_id of instance_ids) {
        const found = await remains(instance_id)
        // Containers first: a network or volume in use cannot be removed.
        for (const what of ['container', 'network', 'volume'])
          for (const resource of found.filter(({ kind: is }) => is === what)) await engine.remove(resource)
      }
      await rm(folder, { recursive: true, force: true })
    },
    async release() {
      await client.close()
      broker.release()
    },
  }
}
