import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBroker, defineOffering, definePlan, noAuth } from 'osb-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { backUp } from '../src/back-up.js'
import { listResources } from '../src/list-resources.js'
import { openStore } from '../src/open-store.js'
import { rekey } from '../src/rekey.js'

const [oldKey, newKey] = [7, 8].map((byte) => Buffer.alloc(32, byte).toString('base64')) as [string, string]
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'osb-keep-state-'))
})
afterAll(() => rm(folder, { recursive: true }))

const mysql = defineOffering({
  id: 'service',
  name: 'mysql',
  description: 'MySQL',
  bindable: true,
  plans: [definePlan({ id: 'plan', name: 'small', description: 'Small' })],
  provision: async () => ({ state: undefined }),
  bind: async () => ({ credentials: { password: 'p' } }),
  unbind: async () => {},
  deprovision: async () => {},
})

async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

it('state is kept, listed, backed up, and encrypted again with a new key', async () => {
  const before = { BROKER_FILE: join(folder, 'broker.db'), BROKER_ENCRYPTION_KEY: oldKey }
  const store = await openStore(before)
  const broker = createBroker({ offerings: [mysql], auth: noAuth(), store })
  const put = async (path: string) => {
    const body = JSON.stringify({ service_id: 'service', plan_id: 'plan', organization_guid: 'o', space_guid: 's' })
    const headers = { 'Content-Type': 'application/json', 'X-Broker-API-Version': '2.17' }
    const url = `http://broker.example.com/v2/service_instances/${path}`
    return (await broker.fetch(new Request(url, { method: 'PUT', headers, body }))).status
  }
  expect([await put('i1'), await put('i2'), await put('i1/service_bindings/b1')]).toEqual([201, 201, 201])
  expect(await collect(listResources(store, { tenant: '', only: 'instances' }))).toEqual([
    'i1\t\tplan\tlive\tsucceeded',
    'i2\t\tplan\tlive\tsucceeded',
  ])
  const copy = join(folder, 'copy.db')
  backUp(before.BROKER_FILE, copy)
  await broker.close()
  await store.close()

  const after = { ...before, BROKER_ENCRYPTION_KEY: newKey }
  await expect(rekey(after)).rejects.toMatchObject({ code: 'WRONG_KEY' })
  expect(await rekey({ ...after, BROKER_PREVIOUS_KEYS: oldKey })).toEqual({ rekeyed: 3, unreadable: 0 })
  for (const env of [after, { ...before, BROKER_FILE: copy }]) {
    const opened = await openStore(env)
    expect((await opened.list({ only: 'bindings' })).records[0]?.secrets.answer).toEqual({
      credentials: { password: 'p' },
    })
    await opened.close()
  }
})

it('the guide shows the code of the example', async () => {
  const root = new URL('../../../', import.meta.url)
  const guide = await readFile(new URL('docs/guides/keep-state.md', root), 'utf8')
  const blocks = [...guide.matchAll(/<!-- (examples\S+) -->\n+```js\n(.*?)```/gs)]
  const names = ['open-store', 'rekey', 'list-resources', 'back-up']
  expect(blocks.map(([, file]) => file)).toEqual(names.map((name) => `examples/keep-state/src/${name}.js`))
  for (const [, file = '', code] of blocks) expect(code, file).toBe(await readFile(new URL(file, root), 'utf8'))
})
