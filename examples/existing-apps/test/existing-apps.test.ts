import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createBrokerClient, isBrokerResponseError } from 'osb-client'
import { afterEach, expect, it } from 'vitest'
import { notebooks } from '../src/broker.js'
import * as express from '../src/express.js'
import * as fastify from '../src/fastify.js'
import * as hono from '../src/hono.js'
import * as koa from '../src/koa.js'
import * as nodeHttp from '../src/node-http.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const apps = {
  'node-http': nodeHttp.makeServer,
  express: express.makeServer,
  fastify: fastify.makeServer,
  koa: koa.makeServer,
  hono: hono.makeServer,
}

it.each(Object.entries(apps))(
  'the %s app serves its own pages, and a broker below /broker',
  async (framework, makeServer) => {
    // An adaptor server of Hono may be one of HTTP/2 by its type.
    const server = (await makeServer('correct horse')) as Server
    servers.push(server)
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect(await (await fetch(url)).text()).toBe('the notes app\n')

    const client = createBrokerClient({
      url: `${url}/broker`,
      auth: { username: 'platform', password: 'correct horse' },
    })
    const catalog = await client.catalog()
    if (catalog.outcome !== 'found') throw new Error('no catalog')
    const [offering] = catalog.body.services
    const ids = { service_id: offering?.id ?? '', plan_id: offering?.plans[0]?.id ?? '' }
    const instance = { ...ids, instance_id: `i-${framework}`, organization_guid: 'o', space_guid: 's' }
    await client.provisionAndWait({ ...instance, parameters: { title: 'Plans' } })
    expect(notebooks.get(instance.instance_id)?.title).toBe('Plans')
    const binding = { ...ids, instance_id: instance.instance_id, binding_id: 'b' }
    const { credentials } = await client.bindAndWait(binding)
    expect(credentials).toHaveProperty('key')
    await client.unbindAndWait(binding)
    await client.deprovisionAndWait({ ...ids, instance_id: instance.instance_id })
    expect(notebooks.has(instance.instance_id)).toBe(false)
    await client.close()

    const stranger = createBrokerClient({ url: `${url}/broker`, auth: { username: 'platform', password: 'wrong' } })
    const refused = await stranger.catalog().catch((error: unknown) => error)
    expect(isBrokerResponseError(refused) && refused.status).toBe(401)
    await stranger.close()
  },
)

it('the guide shows the code of the examples', () => {
  const guide = readFileSync(new URL('../../../docs/guides/add-a-broker-to-your-app.md', import.meta.url), 'utf8')
  const blocks = [...guide.matchAll(/<!-- (examples\S+) -->\n+```js\n(.*?)```/gs)]
  expect(blocks.map(([, file]) => file)).toEqual(
    ['broker', ...Object.keys(apps)].map((name) => `examples/existing-apps/src/${name}.js`),
  )
  for (const [, file = '', code] of blocks)
    expect(code, file).toBe(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8'))
})
