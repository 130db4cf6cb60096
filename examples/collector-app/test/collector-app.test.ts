import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

const app = fileURLToPath(new URL('../src/app.js', import.meta.url))
let server: Server | undefined
afterEach(() => server?.close())

/** A collector in memory; `spoil` changes what it gives back. */
async function collector(spoil: (record: object) => object = (record) => record): Promise<string> {
  const records: object[] = []
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => (text += String(chunk)))
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://x')
      if (request.headers.authorization !== `Basic ${Buffer.from('anna:pa:ss wörd').toString('base64')}`) {
        return response.writeHead(401).end()
      }
      if (request.method === 'POST') {
        const added = (JSON.parse(text) as unknown[]).map((data, index) => ({ id: records.length + index + 1, data }))
        records.push(...added)
        return response.end(JSON.stringify(added))
      }
      const after = Number(url.searchParams.get('after'))
      const page = records.slice(after, after + 30)
      const next = after + 30 < records.length ? { next: after + 30 } : {}
      return response.end(JSON.stringify({ records: page.map(spoil), ...next }))
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/collector/api/v1.0/`
}

async function run(services: unknown, ...args: string[]) {
  const env = { ...process.env, VCAP_SERVICES: JSON.stringify(services) }
  const child = spawn(process.execPath, ['--conditions=@osb/source', '--import=tsx', app, ...args], { env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const code = await new Promise((resolve) => child.once('close', resolve))
  return { code, output: output.trim() }
}

const bound = (uri: string, password = 'pa:ss wörd') => ({
  collector: [{ name: 'my-collector', label: 'collector', tags: [], credentials: { uri, username: 'anna', password } }],
})

describe('collector-app', () => {
  it('writes 100 records, reads them back and ends with 0', async () => {
    const { code, output } = await run(bound(await collector()))
    expect(output).toMatch(/^collector-app: wrote 100 records and read the same back in \d+ ms$/)
    expect(code).toBe(0)
  })

  it.each([
    [
      'a record that comes back changed',
      async () => bound(await collector((record) => ({ ...record, data: 1 }))),
      /did not come back/,
    ],
    ['a login that is refused', async () => bound(await collector(), 'wrong'), /refuses the login/],
    ['a service that does not answer', async () => bound('http://127.0.0.1:9/collector/api/v1.0/'), /does not answer/],
    ['no service', async () => ({}), /no bound service/],
    ['credentials without uri', async () => bound(''), /uri/],
  ])('says what is wrong and ends with 1: %s', async (_what, services, message) => {
    const { code, output } = await run(await services(), '7')
    expect(output).toMatch(message)
    expect(output).not.toMatch(/wörd|wrong/)
    expect(code).toBe(1)
  })
})
