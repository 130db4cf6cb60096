import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { dockerEngine, labels } from 'docker-provisioner'
import { root } from './run-osb.js'

const manifest = createRequire(import.meta.url).resolve('docker-provisioner/package.json')
const command = join(dirname(manifest), 'src/docker-broker.ts')
const startTimeoutMs = 120_000

/** `docker-broker serve` with PostgreSQL, MariaDB and Redis, for tests that see it as a user does. */
export interface DockerBroker {
  readonly url: string
  readonly password: string
  /** Containers, networks and volumes that are left of any instance. */
  leftovers(): Promise<readonly string[]>
  /** Kills it with SIGKILL, and starts it anew at the same address. */
  restart(): Promise<void>
  stop(): Promise<void>
}

const offerings = [
  ['postgresql', 'postgresql', 'postgresql'],
  ['mariadb', 'mariadb', 'mysql'],
  ['redis', 'redis', 'redis'],
] as const

/** Why this machine cannot run it; `OSB_REQUIRE_DOCKER=1` forbids that there is a reason. */
export async function whyNoDockerBroker(): Promise<string | undefined> {
  const engine = dockerEngine()
  try {
    await engine.info({ timeoutMs: 3_000 })
    for (const [recipe] of offerings)
      if (!(await engine.hasImage(`osb-test/${recipe}:debian`)))
        throw new Error(`npm run test:images makes osb-test/${recipe}:debian`)
    return undefined
  } catch (error) {
    if (process.env['OSB_REQUIRE_DOCKER'] === '1') throw error
    return `no Docker engine with the images of the tests: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Starts it on a free port, with a file and a store in a folder of its own. */
export async function startDockerBroker(): Promise<DockerBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'osb-docker-broker-'))
  const name = `osb-run-${randomUUID()}`
  const password = randomBytes(12).toString('base64url')
  const env = {
    ...process.env,
    OSB_PASSWORD: password,
    OSB_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  }
  const config = join(folder, 'broker.yaml')
  writeFileSync(config, brokerFile(name, 0))
  let running = await launch(config, env)
  const { url } = running
  const engine = dockerEngine()
  const left = () => engine.list({ [labels.broker]: name })
  return {
    url,
    password,
    leftovers: async () =>
      (await left())
        .filter(({ labels: own }) => own[labels.instanceId] !== undefined)
        .map(({ kind, name: what }) => `${kind} ${what}`),
    async restart() {
      running.child.kill('SIGKILL')
      await running.exited
      writeFileSync(config, brokerFile(name, Number(new URL(url).port)))
      running = await launch(config, env)
    },
    async stop() {
      running.child.kill('SIGTERM')
      await running.exited
      for (const resource of await left()) await engine.remove(resource)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Starts a process of it, and waits until it listens. */
async function launch(config: string, env: NodeJS.ProcessEnv) {
  const args = ['--conditions=@osb/source', '--import', 'tsx', command, 'serve', '--config', config]
  const child = spawn(process.execPath, args, { env, cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the broker does not listen')), startTimeoutMs)
    child.once('exit', (code) => reject(new Error(`the broker ended with ${code} before it listened`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { message, url: listening } = JSON.parse(line) as { message: string; url?: string }
      if (message !== 'listening' || listening === undefined) return
      clearTimeout(late)
      resolve(listening)
    })
  })
  return { child, exited, url }
}

function brokerFile(name: string, port: number): string {
  const entries = offerings.map(
    ([recipe, offering, tag]) => `
  - recipe: ${recipe}
    image: { reference: 'osb-test/${recipe}:debian', policy: never }
    id: ${offering}
    name: ${offering}
    description: ${offering}
    tags: [${tag}]
    plans:
      - { id: ${offering}-small, name: small, description: Small, memoryMb: 512, pids: 256 }`,
  )
  return `
name: ${name}
listen: { port: ${port} }
login: { username: admin, password: '\${OSB_PASSWORD}' }
store: { sqlite: ./broker.db }
encryptionKey: '\${OSB_ENCRYPTION_KEY}'
engine: { kind: docker }
offerings:${entries.join('')}
`
}
