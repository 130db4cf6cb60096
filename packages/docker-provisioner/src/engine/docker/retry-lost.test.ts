import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Engine } from '../engine.js'
import { dockerEngine } from './docker-engine.js'

let folder: string
let server: Server
let requests: string[]
/** How many of the next requests end without an answer. */
let lost: number
let engine: Engine

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'osb-lost-'))
  const socketPath = join(folder, 'docker.sock')
  requests = []
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url?.split('?')[0]}`)
    if (lost-- > 0) return void request.socket.destroy()
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"No such container: x"}')
  }).listen(socketPath)
  await once(server, 'listening')
  engine = dockerEngine({ socketPath })
})
afterEach(async () => {
  server.close()
  await rm(folder, { recursive: true, force: true })
})

it('what may be repeated is, twice, when the connection breaks', async () => {
  lost = 2
  expect(await engine.inspectContainer('x')).toBeUndefined()
  expect(requests).toEqual(Array(3).fill('GET /containers/x/json'))
})

it('an engine that stays away is DOCKER_UNREACHABLE, which is retryable', async () => {
  lost = 9
  await expect(engine.hasImage('x')).rejects.toMatchObject({ code: 'DOCKER_UNREACHABLE', retryable: true })
  server.close()
  await rm(folder, { recursive: true, force: true })
  await expect(engine.list()).rejects.toMatchObject({ code: 'DOCKER_UNREACHABLE', retryable: true })
})

it('commands and the question whether it answers are asked once', async () => {
  lost = 1
  await expect(engine.info()).rejects.toMatchObject({ code: 'DOCKER_UNREACHABLE' })
  lost = 1
  await expect(engine.exec('x', ['true'])).rejects.toMatchObject({ code: 'DOCKER_UNREACHABLE' })
  expect(requests).toHaveLength(2)
})

it('an abort ends a call to an engine that says nothing', async () => {
  server.removeAllListeners('request')
  const reason = new Error('enough')
  const controller = new AbortController()
  const calls = [
    engine.hasImage('x', { signal: controller.signal }),
    engine.list({}, { signal: controller.signal }),
    engine.remove({ kind: 'volume', name: 'x' }, { signal: controller.signal }),
  ]
  controller.abort(reason)
  for (const call of calls) await expect(call).rejects.toBe(reason)
  await expect(engine.info({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'TIMEOUT' })
})
