import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../../../../test/support/postgres-server.js'
import { bindingKey, create, doneContent, instanceKey } from './contract/contract-case.js'
import { postgresStore } from './postgres-store.js'

const missing = whyNoPostgres()
const rounds = 60
const workers = 8
const bindings = ['b0', 'b1', 'b2']

let server: PostgresServer | undefined
beforeAll(async () => {
  if (missing === undefined) server = await startPostgres()
}, 180_000)
afterAll(() => server?.stop())

/** A write that won: the version that it gave the instance says where it stands among the others. */
interface Won {
  readonly id: string
  readonly version: number
  /** Of the instance itself, with the removal of its bindings: undefined. */
  readonly binding: string | undefined
}

it('what replicas write at once to an instance and its bindings is as if it came one after the other', async (test) => {
  test.skip(server === undefined, missing)
  const connectionString = (await server?.newDatabase()) ?? ''
  const options = { connectionString, encryptionKey: Buffer.alloc(32, 7), maximumConnections: 2 }
  const stores = await Promise.all(Array.from({ length: workers }, () => postgresStore(options)))
  const [first] = stores
  if (first === undefined) throw new Error('no store')
  const { version: start } = await create(first, instanceKey)
  const history: Won[] = []

  const work = async (store: typeof first, worker: number) => {
    for (let round = 0; round < rounds; round++) {
      const binding = bindings[(worker + round) % (bindings.length + 1)]
      const key = binding === undefined ? instanceKey : bindingKey(binding)
      const found = await store.read(key)
      const instanceVersion = found.instance?.version ?? 0
      const id = `${worker}-${round}`
      const content = doneContent({ operation: { id } })
      const written = await (binding === undefined
        ? store.write({ key, expected: instanceVersion, content, lease: 'keep', removeBindings: true })
        : store.write({ key, expected: found.binding?.version ?? 'absent', content, lease: 'keep', instanceVersion }))
      if (written !== undefined) history.push({ id, version: instanceVersion + 1, binding })
    }
  }
  await Promise.all(stores.map(work))

  const ordered = history.toSorted((a, b) => a.version - b.version)
  expect(ordered.map(({ version }) => version)).toEqual(ordered.map((_, index) => start + 1 + index))
  const model = new Map<string, string>()
  for (const { binding, id } of ordered) {
    if (binding === undefined) model.clear()
    else model.set(binding, id)
  }
  const { records } = await first.list({ only: 'bindings' })
  expect(records.map(({ key, operation }) => [key.binding_id, operation.id])).toEqual([...model].toSorted())
  expect((await first.read(instanceKey)).instance?.version).toBe(start + ordered.length)
  expect(ordered.length).toBeGreaterThan(rounds)
  await Promise.all(stores.map((store) => store.close()))
})
