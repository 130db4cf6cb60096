import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { labels, managedByUs } from '../../labels.js'
import { dockerEngine } from './docker-engine.js'

const own = { [labels.managedBy]: managedByUs }
let folder: string
let server: Server
let socketPath: string
/** What the engine has, in the order of its making. */
let made: string[]
let refusals: number
const creating = new AbortController()

// An engine that makes what it was asked for, however the caller fares, and takes its time.
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'osb-aborted-'))
  socketPath = join(folder, 'docker.sock')
  made = []
  server = createServer((request, response) => {
    const answer = (status: number, body?: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body))
    const [path = ''] = (request.url ?? '').split('?')
    if (request.method === 'GET' && path === '/networks') return void answer(200, [])
    if (request.method === 'GET' && path === '/volumes/v') return void answer(200, { Name: 'v', Labels: own })
    if (request.method === 'GET') return void answer(404, { message: 'not found' })
    if (request.method === 'DELETE')
      return void (refusals-- > 0 ? answer(409, { message: 'volume is in use - [c]' }) : answer(204))
    creating.abort(new Error('overtaken by a delete'))
    setTimeout(() => {
      made.push(path)
      answer(201, { Id: 'n' })
    }, 200)
  }).listen(socketPath)
  await once(server, 'listening')
})
afterEach(async () => {
  server.close()
  await rm(folder, { recursive: true, force: true })
})

it('an aborted creation has ended when its call has: the delete that overtook it finds what was made', async () => {
  const call = dockerEngine({ socketPath }).ensureNetwork({ name: 'n', labels: own }, { signal: creating.signal })
  await expect(call).rejects.toThrow('overtaken by a delete')
  expect(made).toEqual(['/networks/create'])
})

it('a volume that the engine has not let go of yet is removed a little later', async () => {
  refusals = 3
  await dockerEngine({ socketPath }).remove({ kind: 'volume', name: 'v' })
  expect(refusals).toBe(-1)
})

it('a volume that stays in use is IN_USE', { timeout: 30_000 }, async () => {
  refusals = Number.POSITIVE_INFINITY
  const removal = dockerEngine({ socketPath }).remove({ kind: 'volume', name: 'v' })
  await expect(removal).rejects.toMatchObject({ code: 'IN_USE', message: 'Docker: volume is in use - [c]' })
})
