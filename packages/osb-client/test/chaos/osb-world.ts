import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { matchPath } from 'osb-protocol'
import { openPlatform } from '../../src/platform.js'
import { type FakeBroker, startFakeBroker } from '../../src/testing.js'
import { testCatalog } from '../support/open-test-platform.js'

const command = fileURLToPath(new URL('../../src/osb.ts', import.meta.url))
// tsx is found from where the process stands.
const packageFolder = fileURLToPath(new URL('../../', import.meta.url))
const args = ['--conditions=@osb/source', '--import', 'tsx', command]

/** A broker in this process, and `osb` processes with one state that call it. */
export interface OsbWorld {
  readonly broker: FakeBroker
  /** Starts one `osb`. */
  start(...words: readonly string[]): ChildProcess
  /** Runs one `osb` to its end. */
  run(...words: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }>
  /** What the broker has, and what the state says that it has: ids of instances and bindings. */
  compare(): { readonly inBroker: readonly string[]; readonly inState: readonly string[] }
  /** Files of the state folder. */
  files(): readonly string[]
  close(): Promise<void>
}

/** Opens a world in which everybody may order from a registered broker. */
export async function openOsbWorld(): Promise<OsbWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'osb-chaos-'))
  const broker = await startFakeBroker({ catalog: testCatalog, auth: { username: 'admin', password: 'secret' } })
  const { PATH = '' } = process.env
  const env = { PATH, HOME: folder, OSB_HOME: join(folder, 'state'), OSB_BROKER_PASSWORD: 'secret' }
  const start = (...words: readonly string[]): ChildProcess =>
    spawn(process.execPath, [...args, ...words], { cwd: packageFolder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const world: OsbWorld = {
    broker,
    start,
    async run(...words) {
      const child = start(...words)
      let output = ''
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
      const [code] = (await once(child, 'close')) as [number | null]
      return { code, output }
    },
    compare: () => ({ inBroker: idsInBroker(broker), inState: idsInState(env.OSB_HOME) }),
    files: () => readdirSync(env.OSB_HOME),
    async close() {
      await broker.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await world.run('create-service-broker', 'fake', 'admin', broker.url)
  await world.run('enable-service-access', 'collector')
  return world
}

/** Whatever was ever asked for and is there. */
function idsInBroker({ requests, hasInstance, hasBinding }: FakeBroker): string[] {
  const ids = requests.flatMap(({ method, path }) => {
    const match = matchPath(method, path.split('?')[0] ?? '')
    if (match.match !== 'operation' || match.ids.instance_id === undefined) return []
    const { instance_id, binding_id } = match.ids
    if (binding_id !== undefined) return hasBinding(instance_id, binding_id) ? [`binding ${binding_id}`] : []
    return hasInstance(instance_id) ? [`instance ${instance_id}`] : []
  })
  return [...new Set(ids)].toSorted()
}

function idsInState(folder: string): string[] {
  const { instances, bindings } = openPlatform({ folder }).state()
  const managed = instances.filter(({ type }) => type === 'managed').map(({ guid }) => guid)
  const own = bindings.filter(({ instance_guid }) => managed.includes(instance_guid))
  return [...managed.map((guid) => `instance ${guid}`), ...own.map(({ guid }) => `binding ${guid}`)].toSorted()
}
