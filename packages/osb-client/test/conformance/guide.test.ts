import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toNodeHandler } from 'osb-server/node'
import { expect, it, onTestFinished, vi } from 'vitest'
import { makeBroker } from './guide/broker.js'
import { checkBroker } from './guide/check-broker.js'
import './guide/conformance-suite.js'

it('the guide shows the code that runs here', () => {
  const guide = readFileSync(new URL('../../../../docs/guides/test-a-broker.md', import.meta.url), 'utf8')
  const blocks = [...guide.matchAll(/<!-- (\S+) -->\n+```ts\n(.*?)```/gs)]
  const folder = new URL('guide/', import.meta.url)
  expect(blocks.map(([, name]) => name).toSorted()).toEqual(readdirSync(folder).toSorted())
  for (const [, name = '', code] of blocks) expect(code, name).toBe(readFileSync(new URL(name, folder), 'utf8'))
})

it('a first run, over a port, leaves its reports', async () => {
  const logs = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error')].map((log) => log.mockImplementation(() => {}))
  const folder = mkdtempSync(join(tmpdir(), 'osb-guide-'))
  const broker = makeBroker('p')
  const server = createServer(toNodeHandler(broker)).listen(0, '127.0.0.1')
  onTestFinished(async () => {
    for (const log of logs) log.mockRestore()
    rmSync(folder, { recursive: true, force: true })
    server.closeAllConnections()
    server.close()
    await broker.close()
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  expect(await checkBroker(`http://127.0.0.1:${port}`, 'p', folder)).toBe(0)
  expect(readFileSync(join(folder, 'conformance.html'), 'utf8')).toContain('PROV-13')
  expect(readFileSync(join(folder, 'conformance.xml'), 'utf8')).toContain('PROV-13')
}, 60_000)
