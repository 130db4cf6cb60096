import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { runConformance, toTerminal } from 'osb-client/conformance'
import { afterEach, describe, expect, it } from 'vitest'
import { notebooks } from '../../examples/existing-apps/src/broker.js'
import * as express from '../../examples/existing-apps/src/express.js'
import * as fastify from '../../examples/existing-apps/src/fastify.js'
import * as hono from '../../examples/existing-apps/src/hono.js'
import * as koa from '../../examples/existing-apps/src/koa.js'
import * as nodeHttp from '../../examples/existing-apps/src/node-http.js'
import { startCollector } from './support/start-collector.js'

const ending: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ending.splice(0)) await end()
})

/** Checks a broker, and expects that it breaks no MUST and no SHOULD, works on the platforms, and has nothing left. */
async function expectConforming(url: string, username: string, password: string): Promise<void> {
  const run = runConformance({
    url,
    auth: { username, password },
    platforms: ['cf', 'kubernetes'],
    polling: { startIntervalMs: 50, maxIntervalMs: 500 },
    seed: 1,
  })
  let next = await run.next()
  while (!next.done) next = await run.next()
  const { results, platforms, leftovers } = next.value
  const broken = results.filter(
    ({ kind, outcome }) => kind === 'check' && (outcome === 'fail' || outcome === 'warning'),
  )
  const unfit = platforms.filter(({ works }) => !works)
  expect({ broken: broken.map(({ check }) => check), unfit, leftovers }, toTerminal(next.value)).toEqual({
    broken: [],
    unfit: [],
    leftovers: [],
  })
  expect(results.filter(({ outcome }) => outcome === 'pass').length).toBeGreaterThan(10)
}

const apps = {
  'node:http': nodeHttp.makeServer,
  Express: express.makeServer,
  Fastify: fastify.makeServer,
  Koa: koa.makeServer,
  Hono: hono.makeServer,
}

describe('the brokers of the examples keep every MUST and SHOULD', { timeout: 300_000 }, () => {
  it.each(Object.entries(apps))('below /broker of the %s app', async (_name, makeServer) => {
    // An adaptor server of Hono may be one of HTTP/2 by its type.
    const server = (await makeServer('correct horse')) as Server
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    ending.push(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    await expectConforming(`http://127.0.0.1:${port}/broker`, 'platform', 'correct horse')
    expect(notebooks.size).toBe(0)
  })

  it('of the demo', async () => {
    const collector = await startCollector('embedded')
    ending.push(() => collector.stop())
    await expectConforming(collector.url, 'admin', collector.password)
  })
})
