import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createBrokerClient, fileLedger } from '../src/index.js'
import { fakeClock, startFakeBroker } from '../src/testing.js'
import { corporateClient } from './guide/corporate.js'
import { leavesAnOrphan } from './guide/faults.js'
import { createDatabase } from './guide/first-calls.js'
import { generate } from './guide/generate.js'
import { measure } from './guide/observe.js'
import { provisionOrCleanUp, recover } from './guide/orphans.js'
import { makeCertificates } from './support/certificates.js'
import { forwardProxy } from './support/forward-proxy.js'

const certificates = makeCertificates()

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'osb-guide-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function start() {
  const broker = await startFakeBroker()
  onTestFinished(() => broker.close())
  return broker
}

it('the guide shows the code that runs here', () => {
  const guide = readFileSync(new URL('../../../docs/guides/call-a-broker.md', import.meta.url), 'utf8')
  const blocks = [...guide.matchAll(/<!-- (\S+) -->\n+```ts\n(.*?)```/gs)]
  const folder = new URL('guide/', import.meta.url)
  expect(blocks.map(([, name]) => name).toSorted()).toEqual(readdirSync(folder).toSorted())
  for (const [, name = '', code] of blocks) expect(code, name).toBe(readFileSync(new URL(name, folder), 'utf8'))
})

it('first calls', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  onTestFinished(() => log.mockRestore())
  const broker = await start()
  expect(await createDatabase(broker.url, 'p')).toEqual({ uri: 'fake://binding-1' })
  broker.next('provision', { fault: 'error', status: 409 })
  await expect(createDatabase(broker.url, 'p')).rejects.toThrow('the id is taken')
})

describe.skipIf(certificates === undefined)('a corporate network', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('proxy, own authority, client certificate and a token that is renewed', async () => {
    const { ca, server: own, client: platform } = certificates ?? ({} as never)
    const logins: (string | undefined)[] = []
    const options = { ...own, ca: ca.cert, requestCert: true, rejectUnauthorized: true }
    const server = createServer(options, ({ headers }, response) => {
      logins.push(headers.authorization)
      response.writeHead(headers.authorization === 'Bearer token-1' ? 401 : 200).end('{"services":[]}')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const proxy = await forwardProxy({ login: 'user:password', hosts: { 'broker.test': '127.0.0.1' } })
    for (const name of ['https_proxy', 'no_proxy', 'NO_PROXY']) vi.stubEnv(name, undefined)
    vi.stubEnv('HTTPS_PROXY', `http://user:password@127.0.0.1:${proxy.port}`)
    const folder = newFolder()
    writeFileSync(join(folder, 'corporate-ca.pem'), ca.cert)
    writeFileSync(join(folder, 'platform.pem'), platform.cert)
    writeFileSync(join(folder, 'platform.key'), platform.key)
    let tokens = 0
    const { port } = server.address() as { port: number }
    const client = corporateClient(`https://broker.test:${port}`, folder, () => `token-${++tokens}`)
    onTestFinished(() => client.close())
    expect(await client.cachedCatalog()).toEqual({ services: [] })
    expect(logins).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect(proxy.asked[0]).toBe(`CONNECT broker.test:${port}`)
  })
})

it('orphans: cleaned up at once, and after a crash', async () => {
  expect(await leavesAnOrphan()).toBe(false)
  const broker = await start()
  const ledger = await fileLedger(join(newFolder(), 'orphans.jsonl'))
  const client = createBrokerClient({ url: broker.url, auth: 'none', ledger, clock: fakeClock() })
  onTestFinished(() => Promise.all([client.close(), ledger.close()]).then(() => {}))
  await provisionOrCleanUp(client)
  const ids = { service_id: 'fake-offering', plan_id: 'fake-plan' }
  broker.next('provision', { fault: 'error', status: 500, done: true }, { fault: 'async', polls: 1 })
  await expect(client.provision({ instance_id: 'lost', ...ids })).rejects.toMatchObject({ status: 500 })
  await client.provision({ instance_id: 'slow', ...ids, accepts_incomplete: true })
  expect(ledger.unsettled()).toHaveLength(2)
  await recover(client, ledger, () => false)
  expect(ledger.unsettled()).toEqual([])
  expect([broker.hasInstance('instance-1'), broker.hasInstance('lost'), broker.hasInstance('slow')]).toEqual([
    true,
    false,
    true,
  ])
})

it('types for one broker', async () => {
  const broker = await start()
  const client = createBrokerClient({ url: broker.url, auth: 'none' })
  onTestFinished(() => client.close())
  const path = join(newFolder(), 'broker.generated.ts')
  await generate(client, path)
  expect(readFileSync(path, 'utf8')).toContain('export function createCatalogClient')
})

it('observing', async () => {
  const recorded: object[] = []
  measure((milliseconds, labels) => recorded.push({ ...labels, isTime: milliseconds >= 0 }))
  const broker = await start()
  const client = createBrokerClient({ url: broker.url, auth: 'none', retries: 0 })
  onTestFinished(() => client.close())
  await client.catalog()
  broker.next('catalog', { fault: 'error', status: 503 })
  await client.catalog().catch(() => {})
  expect(recorded).toEqual([
    { operation: 'catalog', broker: broker.url, outcome: 'found', status: undefined, isTime: true },
    { operation: 'catalog', broker: broker.url, outcome: 'BROKER_RESPONSE', status: 503, isTime: true },
  ])
})
