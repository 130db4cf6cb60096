import { createServer } from 'node:http'
import { connect } from 'node:net'
import { PassThrough } from 'node:stream'
import express from 'express'
import express4 from 'express4'
import fastify, { type FastifyInstance } from 'fastify'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import Koa from 'koa'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { toExpress } from '../../src/express.js'
import { toFastify } from '../../src/fastify.js'
import { toHono } from '../../src/hono.js'
import { toKoa } from '../../src/koa.js'
import { fakeBroker, instance, provisionBody } from '../support/wire.js'
import { fetchServer } from './fetch-server.js'
import { type Host, listening, serveHono } from './hosts.js'

const open: Host[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((host) => host.close()))
})
async function opened(starting: Promise<Host>): Promise<string> {
  const host = await starting
  open.push(host)
  return host.rootUrl
}

const headers = { 'X-Broker-API-Version': '2.17', 'Content-Type': 'application/json' }
const get = (url: string) => fetch(url, { headers })
const statusOf = async (url: string) => (await get(url)).status
const put = (url: string, body: string) => fetch(`${url}${instance}`, { method: 'PUT', headers, body })
const provision = async (url: string) => (await put(url, JSON.stringify(provisionBody))).status
/** Whether the broker, not the app, has said 404. */
const isOurs = async (url: string) => (await (await get(url)).text()).includes('There is nothing at this path.')

describe.each([
  { name: 'Express 5', make: express },
  { name: 'Express 4', make: express4 },
])('in $name', ({ make }) => {
  const serve = (app: ReturnType<typeof express>) => opened(listening(createServer(app)))

  it('GEN-02: is mounted in routers below routers, and by a parameter', async () => {
    const app = make()
    const inner = make.Router().use('/inner', toExpress(fakeBroker()))
    app.use('/outer', make.Router().use('/router', inner))
    app.use('/tenants/:tenant', toExpress(fakeBroker()))
    const url = await serve(app)
    for (const mount of ['/outer/router/inner', '/tenants/acme', '/tenants/a%20b']) {
      expect(await provision(`${url}${mount}`)).toBe(201)
      expect(await isOurs(`${url}${mount}/nothing`)).toBe(true)
    }
    expect(await isOurs(`${url}/outer/router/nothing`)).toBe(false)
  })

  it('is the handler of a route', async () => {
    const app = make()
    app.all(/^\/broker\//, toExpress(fakeBroker()))
    const url = await serve(app)
    expect(await provision(`${url}/broker`)).toBe(201)
    expect(await isOurs(`${url}/broker/nothing`)).toBe(true)
  })

  it('takes /v2 alone at the root of the app', async () => {
    const app = make()
    app.use(toExpress(fakeBroker()))
    app.get('/own', (_request, response) => void response.send('own'))
    const url = await serve(app)
    expect(await provision(url)).toBe(201)
    expect(await isOurs(`${url}/v2/nothing`)).toBe(true)
    expect(await (await get(`${url}/own`)).text()).toBe('own')
    expect(await isOurs(`${url}/v20/nothing`)).toBe(false)
  })

  it.each(['text', 'raw'] as const)('takes bodies that the app has read by express.%s()', async (parser) => {
    const app = make()
    app.use(make[parser]({ type: '*/*' }))
    app.use('/broker', toExpress(fakeBroker()))
    const url = await serve(app)
    expect(await provision(`${url}/broker`)).toBe(201)
    expect((await put(`${url}/broker`, '{"broken')).status).toBe(400)
  })
})

describe('in Fastify 5', () => {
  async function serve(build: (app: FastifyInstance) => unknown): Promise<string> {
    const app = fastify()
    await build(app)
    await app.ready()
    return opened(listening(app.server))
  }

  it('GEN-02: is mounted in plugins below plugins, and by a parameter', async () => {
    const url = await serve((app) => {
      app.register(async (outer) => void outer.register(toFastify(fakeBroker()), { prefix: '/inner' }), {
        prefix: '/outer',
      })
      app.register(toFastify(fakeBroker()), { prefix: '/tenants/:tenant' })
    })
    for (const mount of ['/outer/inner', '/tenants/acme']) {
      expect(await provision(`${url}${mount}`)).toBe(201)
      expect(await isOurs(`${url}${mount}/nothing`)).toBe(true)
    }
  })

  it('takes /v2 alone at the root of the app, whose own routes, parsers and error pages stay', async () => {
    const url = await serve((app) => {
      app.register(toFastify(fakeBroker()))
      app.post('/own', async ({ body }) => body)
      app.setNotFoundHandler((_request, reply) => void reply.code(404).send('own 404'))
    })
    expect(await provision(url)).toBe(201)
    expect(await isOurs(`${url}/v2/nothing`)).toBe(true)
    expect(await (await get(`${url}/unknown`)).text()).toBe('own 404')
    const own = await fetch(`${url}/own`, { method: 'POST', headers, body: '{"own":1}' })
    expect(await own.json()).toEqual({ own: 1 })
    const broken = await fetch(`${url}/own`, { method: 'POST', headers: { 'Content-Type': 'json' }, body: '{}' })
    expect(broken.status).toBe(415)
  })

  it('shows its answers to the hooks of the app', async () => {
    const statuses: number[] = []
    const url = await serve((app) => {
      app.addHook('onRequest', async (_request, reply) => void reply.header('x-app', 'own'))
      app.addHook('onResponse', async (_request, reply) => void statuses.push(reply.statusCode))
      app.register(toFastify(fakeBroker()), { prefix: '/broker' })
    })
    const answers = [await get(`${url}/broker/v2/catalog`), await get(`${url}/broker/v2/nothing`)]
    expect(answers.map((answer) => answer.headers.get('x-app'))).toEqual(['own', 'own'])
    await vi.waitFor(() => expect(statuses).toEqual([200, 404]))
  })

  it('leaves what hooks of the app refuse to the app', async () => {
    const refusal = Object.assign(new Error('own refusal'), { statusCode: 418 })
    const url = await serve((app) => {
      app.addHook('onRequest', async () => Promise.reject(refusal))
      app.setErrorHandler((error, _request, reply) => void reply.code(418).send(String(error)))
      app.register(toFastify(fakeBroker()), { prefix: '/broker' })
    })
    const answer = await get(`${url}/broker/v2/catalog`)
    expect([answer.status, await answer.text()]).toEqual([418, 'Error: own refusal'])
  })

  it('reads the stream that a hook has put in the place of the request, until the client goes away', async () => {
    const onOutcome = vi.fn()
    const broker = fakeBroker({}, { onOutcome })
    const url = await serve((app) => {
      app.addHook('preParsing', async (_request, _reply, payload) => payload.pipe(new PassThrough()))
      app.register(toFastify(broker), { prefix: '/broker' })
    })
    expect(await provision(`${url}/broker`)).toBe(201)
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const lines = [`PUT /broker${instance} HTTP/1.1`, 'Host: b', 'X-Broker-API-Version: 2.17', 'Content-Length: 100']
    socket.write(`${lines.join('\r\n')}\r\n\r\n{"a"`, () => socket.destroy())
    await vi.waitFor(() => expect(onOutcome).toHaveBeenLastCalledWith(expect.objectContaining({ status: 400 })))
    await broker.close()
  })
})

describe('in Koa 3', () => {
  const serve = (app: Koa) => {
    const handle = app.callback()
    return opened(listening(createServer((request, response) => void handle(request, response))))
  }

  it('GEN-02: takes /v2 alone by default, and everything where another middleware has mounted it', async () => {
    const root = await serve(new Koa().use(toKoa(fakeBroker())))
    expect(await provision(root)).toBe(201)
    expect(await isOurs(`${root}/v2/nothing`)).toBe(true)
    expect(await isOurs(`${root}/v20/nothing`)).toBe(false)
    const mounted = toKoa(fakeBroker(), { prefix: '/' })
    const url = await serve(
      new Koa().use(async (context, next) => {
        if (!context.path.startsWith('/broker/')) return next()
        context.path = context.path.slice('/broker'.length)
        return mounted(context, next)
      }),
    )
    expect(await provision(`${url}/broker`)).toBe(201)
    expect(await isOurs(`${url}/broker/nothing`)).toBe(true)
    expect(await isOurs(`${url}/nothing`)).toBe(false)
  })

  it('takes bodies that the app has parsed', async () => {
    const app = new Koa()
    app.use(async ({ req, request }, next) => {
      const parts: Buffer[] = []
      for await (const part of req) parts.push(part as Buffer)
      Object.assign(request, { body: JSON.parse(Buffer.concat(parts).toString()) as unknown })
      await next()
    })
    const url = await serve(app.use(toKoa(fakeBroker(), { prefix: '/broker' })))
    expect(await provision(`${url}/broker`)).toBe(201)
    expect((await put(`${url}/broker`, '{"service_id":"open"}')).status).toBe(400)
  })

  it('shows its answers to the middlewares of the app', async () => {
    const seen: unknown[] = []
    const app = new Koa().use(async (context, next) => {
      context.set('x-app', 'own')
      await next()
      seen.push([context.status, context.type])
    })
    const url = await serve(app.use(toKoa(fakeBroker())))
    const { headers: answered } = await get(`${url}/v2/catalog`)
    expect(answered.get('x-app')).toBe('own')
    await get(`${url}/v2/nothing`)
    expect(seen).toEqual([
      [200, 'application/json'],
      [404, 'application/json'],
    ])
  })
})

describe.each([
  { name: 'Hono 4 on Node', start: serveHono },
  { name: 'Hono 4 elsewhere', start: (app: Hono) => listening(fetchServer(app.fetch)) },
])('in $name', ({ start }) => {
  it('GEN-02: is mounted in apps below apps', async () => {
    const inner = new Hono().all('/inner/*', toHono(fakeBroker()))
    const url = await opened(start(new Hono().route('/outer', inner)))
    expect(await provision(`${url}/outer/inner`)).toBe(201)
    expect(await isOurs(`${url}/outer/inner/nothing`)).toBe(true)
    expect(await isOurs(`${url}/outer/nothing`)).toBe(false)
  })

  it.each(['json', 'text', 'arrayBuffer'] as const)('takes bodies that the app has read by req.%s()', async (read) => {
    const app = new Hono().use(async ({ req }, next) => {
      if (req.method === 'PUT') await req[read]().catch(() => undefined)
      await next()
    })
    const url = await opened(start(app.all('/broker/*', toHono(fakeBroker({}, { maximumBodyBytes: 500 })))))
    expect(await provision(`${url}/broker`)).toBe(201)
    expect((await put(`${url}/broker`, '{"broken')).status).toBe(400)
  })

  it('works behind a limit, and shows its answers to the middlewares of the app', async () => {
    const app = new Hono().use(bodyLimit({ maxSize: 10_000 }), cors())
    const url = await opened(start(app.all('/broker/*', toHono(fakeBroker()))))
    expect(await provision(`${url}/broker`)).toBe(201)
    expect((await put(`${url}/broker`, 'x'.repeat(20_000))).status).toBe(413)
    expect((await get(`${url}/broker/v2/catalog`)).headers.get('access-control-allow-origin')).toBe('*')
    expect(await statusOf(`${url}/broker/v2/nothing`)).toBe(404)
  })
})
