import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { instance, provisionBody } from '../support/wire.js'
import { findRuntime, runtimes, startRuntime } from './runtimes.js'

const login = `Basic ${btoa('platform:correct horse')}`
const headers = { Authorization: login, 'X-Broker-API-Version': '2.17', 'Content-Type': 'application/json' }

let folder = ''
beforeAll(async () => {
  if (!runtimes.some((runtime) => findRuntime(runtime) !== undefined)) return
  folder = await mkdtemp(join(tmpdir(), 'osb-runtimes-'))
  await build({
    config: false,
    silent: true,
    entry: [fileURLToPath(new URL('app.ts', import.meta.url))],
    outDir: folder,
    format: 'esm',
    target: 'es2023',
    // A module of Node that is left in the bundle does not load in workerd.
    platform: 'neutral',
    noExternal: [/.*/],
    esbuildOptions: (options) => {
      options.conditions = ['@osb/source', 'import']
      options.mainFields = ['module', 'main']
    },
  })
})
afterAll(async () => {
  if (folder !== '') await rm(folder, { recursive: true, force: true })
})

describe.each(runtimes)('a broker on $name', (runtime) => {
  const program = findRuntime(runtime)
  const reason = `${runtime.name} is not on the PATH; node scripts/install-runtimes.mjs installs it for the tests`
  let root = ''
  let child: ChildProcess | undefined
  beforeAll(async () => {
    if (program === undefined) return
    for (const [name, text] of Object.entries(runtime.files)) await writeFile(join(folder, name), text)
    const started = await startRuntime(program, runtime, folder)
    root = started.url
    child = started.child
  })
  afterAll(() => void child?.kill('SIGKILL'))
  beforeEach(({ skip }) => skip(program === undefined, reason))

  it.each(['by fetch', 'in Hono'])('answers as it does on Node, %s', async (how) => {
    const url = how === 'in Hono' ? `${root}/in-hono` : root
    const catalog = await fetch(`${url}/v2/catalog`, { headers })
    expect(catalog.status).toBe(200)
    expect(await catalog.json()).toHaveProperty('services')
    const etag = catalog.headers.get('etag') ?? ''
    const statusOf = async (path: string, init: RequestInit = {}) => {
      const answer = await fetch(`${url}${path}`, { headers, ...init })
      await answer.arrayBuffer()
      return answer.status
    }
    const put = (body: NonNullable<RequestInit['body']>) => statusOf(instance, { method: 'PUT', body, duplex: 'half' })
    expect(await statusOf('/v2/catalog', { headers: { ...headers, 'If-None-Match': etag } })).toBe(304)
    expect(await statusOf('/v2/catalog', { method: 'HEAD' })).toBe(200)
    expect(await statusOf('/v2/catalog', { headers: { ...headers, Authorization: 'Basic eDp5' } })).toBe(401)
    expect(await statusOf('/v2/catalog', { method: 'DELETE' })).toBe(405)
    expect(await statusOf('/v2/nothing')).toBe(404)
    expect(await put(JSON.stringify(provisionBody))).toBe(201)
    expect(await put(new Blob([JSON.stringify(provisionBody)]).stream())).toBe(201)
    expect(await put('{"broken')).toBe(400)
    expect(await put(new Blob(['x'.repeat(5000)]).stream())).toBe(413)
    expect(await statusOf('/v2/service_instances/a%2Fb')).toBe(200)
  })
})
