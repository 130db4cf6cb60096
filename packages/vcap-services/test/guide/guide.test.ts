import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const guide = new URL('../../../../docs/guides/use-bound-services.md', import.meta.url)
const files = ['database', 'collector', 'environment', 'rotation', 'bound-for-tests'].map((name) => `${name}.js`)

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'vcap-guide-'))
  vi.resetModules()
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  rmSync(home, { recursive: true })
})

it('the guide shows the code that is run here', () => {
  const blocks = [...readFileSync(guide, 'utf8').matchAll(/<!-- (packages\S+) -->\n+```js\n(.*?)```/gs)]
  expect(blocks.map(([, file]) => file)).toEqual(files.map((name) => `packages/vcap-services/test/guide/${name}`))
  for (const [, file = '', code] of blocks) {
    expect(code, file).toBe(readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8'))
  }
})

it('database.js makes a pool of what bound-for-tests.js composes', async () => {
  const { env } = await import('./bound-for-tests.js')
  vi.stubEnv('VCAP_SERVICES', env.VCAP_SERVICES)
  const { pool } = await import('./database.js')
  expect(pool.options).toMatchObject({
    host: 'db.example.com',
    port: 5433,
    user: 'shop',
    password: 's@cret',
    database: 'orders',
    ssl: { rejectUnauthorized: true },
  })
  await pool.end()
})

it('collector.js reads a bound collector, does without one, and tells what does not fit', async () => {
  const { findCollector } = await import('./collector.js')
  const bind = (credentials: object) =>
    vi.stubEnv('VCAP_SERVICES', JSON.stringify({ collector: [{ name: 'c', label: 'collector', credentials }] }))
  bind({ uri: 'https://collector.example.com', retries: '5' })
  expect(findCollector()).toEqual({ uri: 'https://collector.example.com', retries: 5 })
  vi.stubEnv('VCAP_SERVICES', '{}')
  expect(findCollector()).toBeUndefined()
  bind({ uri: 'SECRET' })
  const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined)
  expect(findCollector).toThrow(expect.objectContaining({ code: 'INVALID_CREDENTIALS' }))
  expect(warn).toHaveBeenCalledExactlyOnceWith('the credentials of "c" do not fit: /uri (string)')
})

it('environment.js reads a file on a developer’s machine, and none on the platform', async () => {
  const file = join(home, 'default-env.json')
  writeFileSync(file, JSON.stringify({ VCAP_SERVICES: { redis: [{ name: 'local' }] } }))
  vi.stubEnv('LOCAL_SERVICES', file)
  vi.stubEnv('VCAP_APPLICATION', undefined)
  vi.stubEnv('VCAP_SERVICES', undefined)
  vi.stubEnv('PORT', undefined)
  const local = await import('./environment.js')
  expect(local.services.all.map(({ name }) => name)).toEqual(['local'])
  expect(local.listenOn).toBe(8080)

  vi.resetModules()
  vi.stubEnv('VCAP_APPLICATION', '{}')
  vi.stubEnv('VCAP_SERVICES', '{"redis":[{"name":"of the platform"}]}')
  vi.stubEnv('PORT', '3000')
  const platform = await import('./environment.js')
  expect(platform.services.all.map(({ name }) => name)).toEqual(['of the platform'])
  expect(platform.listenOn).toBe(3000)
})

it('rotation.js follows a password that is renewed', { timeout: 60_000 }, async () => {
  const folder = join(home, 'cache')
  mkdirSync(folder)
  for (const [name, text] of [
    ['type', 'redis'],
    ['host', 'h'],
    ['password', 'first'],
  ] as const) {
    writeFileSync(join(folder, name), text)
  }
  vi.stubEnv('SERVICE_BINDING_ROOT', home)
  vi.stubEnv('VCAP_SERVICES_FILE_PATH', undefined)
  const { followCache } = await import('./rotation.js')
  const ended = new AbortController()
  const passwords: unknown[] = []
  const use = ({ options }: Redis) => {
    passwords.push(options.password)
    if (passwords.length === 1) writeFileSync(join(folder, 'password'), 'second')
    else ended.abort()
  }
  await followCache(use, ended.signal, 5)
  // A read may meet the file while it is being written.
  expect([passwords[0], ['second', ''].includes(String(passwords.at(-1)))]).toEqual(['first', true])
})
