import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { serve } from '@hono/node-server'
import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express'
import fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import { type Context, type Handler, Hono } from 'hono'
import Koa, { type Middleware } from 'koa'
import { describe, expectTypeOf, it } from 'vitest'
import { toExpress } from '../../src/express.js'
import { toFastify } from '../../src/fastify.js'
import { type HonoContext, toHono } from '../../src/hono.js'
import type { Broker } from '../../src/index.js'
import { type KoaContext, toKoa } from '../../src/koa.js'
import { toNodeHandler } from '../../src/node.js'

declare const broker: Broker

describe('adapters need of a broker only what they call', () => {
  it('so that one of another copy of the package fits', () => {
    const handle: Broker['handle'] = async () => ({ status: 200, headers: {}, body: undefined })
    for (const adapt of [toNodeHandler, toExpress, toFastify, toKoa, toHono]) adapt({ handle })
    // @ts-expect-error no broker
    toExpress({})
  })
})

describe('toNodeHandler', () => {
  it('is a listener of http.createServer', () => {
    expectTypeOf(toNodeHandler(broker)).toExtend<RequestListener>()
  })
})

describe('toExpress', () => {
  it('is a handler of apps, routers and routes', () => {
    expectTypeOf(toExpress(broker)).toExtend<RequestHandler>()
    expectTypeOf(toExpress(broker)).not.toExtend<ErrorRequestHandler>()
    const app = express()
    app.use(toExpress(broker))
    app.use('/broker', express.json(), toExpress(broker))
    app.all('/broker/*rest', toExpress(broker))
    Router().use('/:tenant', toExpress(broker))
  })
})

describe('toFastify', () => {
  it('is a plugin, with every option of register', () => {
    expectTypeOf(toFastify(broker)).toExtend<FastifyPluginAsync>()
    const app: FastifyInstance = fastify()
    app.register(toFastify(broker))
    app.register(toFastify(broker), { prefix: '/broker', logLevel: 'warn' })
    fastify({ http2: true, https: {} }).register(toFastify(broker), { prefix: '/broker' })
  })
})

describe('toKoa', () => {
  it("is a middleware that leaves the app's own types of state and context as they are", () => {
    expectTypeOf(toKoa(broker)).toExtend<Middleware>()
    expectTypeOf(toKoa(broker)).toExtend<Middleware<{ user: string }, { own: number }>>()
    expectTypeOf<Koa.Context>().toExtend<KoaContext>()
    const app = new Koa<{ user: string }, { own: number }>()
    app.use(toKoa(broker, { prefix: '/broker' })).use(({ own, state }) => {
      expectTypeOf(own).toEqualTypeOf<number>()
      expectTypeOf(state.user).toEqualTypeOf<string>()
    })
    expectTypeOf(new Koa().use(toKoa(broker))).toExtend<Koa>()
    // @ts-expect-error a prefix is a text
    toKoa(broker, { prefix: /broker/ })
  })
})

describe('toHono', () => {
  it('is a handler, whatever the bindings and variables of the app', () => {
    expectTypeOf(toHono(broker)).toExtend<Handler>()
    expectTypeOf<Context>().toExtend<HonoContext>()
    const app = new Hono<{ Bindings: { KEY: string }; Variables: { user: string } }>()
    app.all('/broker/*', toHono(broker)).get('/own', (context) => context.text(context.get('user')))
    serve({ fetch: app.fetch })
    const node = new Hono<{ Bindings: { incoming: IncomingMessage; outgoing: ServerResponse } }>()
    node.use('/broker/*', toHono(broker))
  })
})

describe('broker.fetch', () => {
  it('is what runtimes and msw want', () => {
    expectTypeOf<{ fetch: Broker['fetch'] }>().toExtend<{ fetch(request: Request): Promise<Response> }>()
    new Hono().mount('/broker', broker.fetch)
  })
})
