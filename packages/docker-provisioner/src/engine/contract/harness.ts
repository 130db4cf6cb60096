import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { labels, managedByUs } from '../../labels.js'
import { hashedName } from '../../resource-names.js'
import type { ContainerSpec, ContainerStatus, Engine, Owner, VolumeSpec } from '../engine.js'
import type { ImageSource } from '../image-source.js'

/** What an engine's test file gives to the cases. */
export interface ContractHarness {
  /** A new engine object on the same engine each time, as brokers that know nothing of each other have. */
  engine(): Engine
  /** An image with `node`. */
  readonly image: ImageSource
  /** Working folder of the service on the embedded engine. */
  readonly folder: string
  /** Label value that marks everything of this run. */
  readonly run: string
}

export interface ContractCase {
  readonly name: string
  /** Engines that it is about. Default: all. */
  readonly only?: Engine['kind']
  run(harness: ContractHarness): Promise<void>
}

/** Stores what is posted on disk, gives it back, and shows its secret file's length. */
const program = `
const fs = require('node:fs'), http = require('node:http'), { DATA, SECRETS, HOST, PORT } = process.env
const read = (file) => { try { return fs.readFileSync(file, 'utf8') } catch (error) { return error.code } }
http.createServer(async (request, response) => {
  if (request.method === 'POST') {
    let text = ''
    for await (const chunk of request) text += chunk
    fs.writeFileSync(DATA + '/value', text)
  }
  response.end(request.url === '/secret' ? read(SECRETS + '/key') : read(DATA + '/value'))
}).listen(Number(PORT), HOST, () => console.log('listening'))
process.on('SIGTERM', () => process.exit(0))
`

const owner: Owner = { uid: 999, gid: 999 }

/** One service with all that belongs to it. */
export function testService(harness: ContractHarness, key: string = randomUUID()) {
  const name = hashedName('contract', harness.run, key)
  const own = { [labels.managedBy]: managedByUs, [labels.instance]: name, 'osb.test-run': harness.run }
  const volumeSpec = (image: string): VolumeSpec => ({ name: `osbv${name}`, labels: own, owner, image })
  const secretSpec = (image: string): VolumeSpec => ({
    name: `osbs${name}`,
    labels: own,
    owner,
    image,
    files: { key: 'a secret text' },
  })
  const containerSpec = (image: string): ContainerSpec => ({
    name: `osbc${name}`,
    labels: own,
    image,
    network: `osbn${name}`,
    ports: { http: 8080 },
    mounts: [
      { name: 'data', volume: `osbv${name}`, path: '/data' },
      { name: 'secrets', volume: `osbs${name}`, path: '/run/secrets', readOnly: true },
    ],
    user: owner,
    limits: { memoryMb: 128, cpus: 0.5, pids: 64 },
    process: ({ host, ports, paths }) => ({
      command: ['node', '-e', program],
      env: { HOST: host, PORT: String(ports['http']), DATA: paths['data'] ?? '', SECRETS: paths['secrets'] ?? '' },
    }),
    embedded: { folder: harness.folder },
    stopTimeoutSeconds: 5,
  })
  return {
    name: `osbc${name}`,
    own,
    network: { name: `osbn${name}`, labels: own },
    containerSpec,
    /** Makes all of it, or makes sure that it is there. */
    async ensure(engine: Engine): Promise<ContainerStatus> {
      const image = await engine.ensureImage(harness.image)
      return engine.ensureService({
        network: { name: `osbn${name}`, labels: own },
        volumes: [volumeSpec(image), secretSpec(image)],
        container: containerSpec(image),
      })
    },
    /** Removes all of it, containers first. */
    async remove(engine: Engine): Promise<void> {
      for (const resource of await engine.list(own)) await engine.remove(resource)
    },
  }
}

/** Runs a body with a service that exists, and removes it whatever happens. */
export async function withService(
  harness: ContractHarness,
  body: (service: ReturnType<typeof testService>, engine: Engine, status: ContainerStatus) => Promise<void>,
): Promise<void> {
  const [service, engine] = [testService(harness), harness.engine()]
  try {
    const status = await service.ensure(engine)
    await eventually(() => read(status))
    await body(service, engine, status)
  } finally {
    await service.remove(engine)
  }
}

export async function read({ host, ports }: ContainerStatus, path = '/'): Promise<string> {
  return (await fetch(`http://${host}:${ports['http']}${path}`, { signal: AbortSignal.timeout(5_000) })).text()
}

export async function write({ host, ports }: ContainerStatus, text: string): Promise<void> {
  const init = { method: 'POST', body: text, signal: AbortSignal.timeout(5_000) }
  await (await fetch(`http://${host}:${ports['http']}/`, init)).text()
}

/** Tries again until it works, for 20 s. */
export async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (const endsAt = Date.now() + 20_000; ; await sleep(50)) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > endsAt) throw error
    }
  }
}

/** Asserts that a promise rejects with a `ProvisionerError` of one code. */
export async function rejectsWith(promise: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.equal((error as { code?: unknown }).code, code)
    return true
  })
}
