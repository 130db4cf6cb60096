import { type ChildProcess, spawn } from 'node:child_process'
import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const source = fileURLToPath(new URL('../src/', import.meta.url))

let folder: string
let service: ChildProcess | undefined
let base: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'collector-'))
  await users('correct horse', 'add', 'anna')
  await start()
})
afterEach(async () => {
  await end('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

function run(file: string, args: readonly string[], env: Record<string, string>) {
  return spawn(process.execPath, [join(source, file), ...args], { env: { ...env, DATA_DIR: folder }, stdio: 'pipe' })
}

async function start(): Promise<void> {
  const child = run('server.js', [], { PORT: '0' })
  service = child
  base = await new Promise((resolve, reject) => {
    child.stdout.on('data', (text) => {
      const port = /listens on 127\.0\.0\.1:(\d+)/.exec(String(text))?.[1]
      if (port) resolve(`http://127.0.0.1:${port}`)
    })
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
  })
}

async function end(signal: NodeJS.Signals): Promise<number | null> {
  const child = service
  if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill(signal)
  return ended
}

async function users(stdin: string, ...args: string[]): Promise<number | null> {
  const child = run('users.js', args, {})
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  return new Promise((resolve) => child.once('exit', resolve))
}

async function call(path: string, init: { body?: string; login?: string } = {}) {
  const login = init.login ?? 'anna:correct horse'
  const response = await fetch(`${base}${path}`, {
    method: init.body === undefined ? 'GET' : 'POST',
    headers: login === '' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` },
    ...(init.body !== undefined && { body: init.body }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const records = '/collector/api/v1.0/records'

describe('collector-service', () => {
  it('stores a record and returns it by id and in the list', async () => {
    const stored = await call(records, { body: '{"temperature":21}' })
    expect(stored).toMatchObject({ status: 201, body: { id: 1, data: { temperature: 21 } } })
    expect(await call(`${records}/1`)).toEqual({ status: 200, body: stored.body })
    expect(await call(records)).toEqual({ status: 200, body: { total: 1, records: [stored.body] } })
  })

  it('pages through the records in the order in which they came', async () => {
    await call(records, { body: JSON.stringify(['a', 'b', 'c']) })
    const first = await call(`${records}?limit=2`)
    expect(first.body).toMatchObject({ total: 3, records: [{ data: 'a' }, { data: 'b' }], next: 2 })
    const second = await call(`${records}?limit=2&after=2`)
    expect(second.body).toMatchObject({ records: [{ id: 3, data: 'c' }] })
    expect(second.body).not.toHaveProperty('next')
  })

  it('keeps what it has answered over SIGKILL and cuts off a torn last line', async () => {
    await call(records, { body: '"kept"' })
    await end('SIGKILL')
    await appendFile(join(folder, 'records.ndjson'), '{"id":2,"da')
    await start()
    expect((await call(records)).body).toMatchObject({ total: 1, records: [{ data: 'kept' }] })
    await call(records, { body: '"next"' })
    await end('SIGTERM')
    await start()
    expect((await call(records)).body).toMatchObject({ total: 2, records: [{ data: 'kept' }, { id: 2, data: 'next' }] })
  })

  it('shows its health without a login and nothing else', async () => {
    expect((await call('/health', { login: '' })).status).toBe(200)
    for (const login of ['', 'anna:wrong', 'berta:correct horse', '__proto__:x', 'anna:']) {
      for (const path of [records, '/collector/api/v1.0/', '/elsewhere']) {
        expect((await call(path, { login })).status, `${login} ${path}`).toBe(401)
      }
    }
  })

  it('refuses a login from the moment it is removed, and takes a new password at once', async () => {
    expect((await call(records)).status).toBe(200)
    expect(await users('second password', 'add', 'berta')).toBe(0)
    expect((await call(records, { login: 'berta:second password' })).status).toBe(200)
    expect(await users('', 'remove', 'anna')).toBe(0)
    expect(await users('', 'remove', 'anna')).toBe(0)
    expect((await call(records)).status).toBe(401)
    await users('third password', 'add', 'berta')
    expect((await call(records, { login: 'berta:second password' })).status).toBe(401)
    expect((await call(records, { login: 'berta:third password' })).status).toBe(200)
  })

  it('keeps no password in clear and its files to itself', async () => {
    expect(await readFile(join(folder, 'users.json'), 'utf8')).not.toContain('correct horse')
    expect((await stat(join(folder, 'users.json'))).mode & 0o077).toBe(0)
  })

  it('loses no user when several are added at once', async () => {
    const names = ['one', 'two', 'three', 'four']
    await Promise.all(names.map((name) => users(`password of ${name}`, 'add', name)))
    const all = JSON.parse(await readFile(join(folder, 'users.json'), 'utf8')) as object
    expect(Object.keys(all).sort()).toEqual([...names, 'anna'].sort())
  })

  it.each([
    ['a body that is no JSON', records, '{', 400],
    ['a body over 1 MiB', records, JSON.stringify('x'.repeat(1024 * 1024)), 413],
    ['an id that is not there', `${records}/7`, undefined, 404],
    ['an id that is no number', `${records}/../../users.json`, undefined, 404],
    ['a limit over 1000', `${records}?limit=1001`, undefined, 400],
    ['an after that is no number', `${records}?after=-1`, undefined, 400],
    ['a post to one record', `${records}/1`, '{}', 405],
  ])('refuses %s', async (_what, path, body, status) => {
    expect((await call(path, body === undefined ? {} : { body })).status).toBe(status)
  })

  it.each([
    [['add'], 'x'],
    [['add', '../x'], 'x'],
    [['add', 'carl'], ''],
    [['rename', 'anna'], 'x'],
  ])('users.js refuses %j with a usage text', async (args, stdin) => {
    expect(await users(stdin, ...args)).toBe(2)
  })

  it('ends with 0 on SIGTERM', async () => {
    expect(await end('SIGTERM')).toBe(0)
  })
})
