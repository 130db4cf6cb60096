import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import express from 'express'
import express4 from 'express4'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { toExpress } from '../../src/express.js'
import { toFastify } from '../../src/fastify.js'
import { toHono } from '../../src/hono.js'
import { toKoa } from '../../src/koa.js'
import { toNodeHandler } from '../../src/node.js'
import type { Broker } from '../../src/wire/broker.js'

/** An app with a route of its own, `/own`, and a broker at a mount point. */
export interface Host {
  /** Where the broker is, up to what stands before `/v2`. */
  readonly url: string
  /** Where the app's own route is. */
  readonly ownUrl: string
  close(): Promise<void>
}

export interface HostKind {
  readonly name: string
  /** Whether ids `..` reach the broker; the URL parser of the web resolves them. */
  readonly keepsDots: boolean
  start(broker: Broker): Promise<Host>
}

async function listening(server: Server, mount: string): Promise<Host> {
  if (!server.listening)
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `${root}${mount}`,
    ownUrl: `${root}/own`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

type ExpressApp = ReturnType<typeof express>

function expressApp(make: () => ExpressApp, parser: { json(): unknown } | undefined, broker: Broker): Promise<Host> {
  const app = make()
  if (parser) app.use(parser.json() as never)
  app.get('/own', (_request, response) => void response.send('own'))
  app.use('/api/broker', toExpress(broker))
  return listening(createServer(app), '/api/broker')
}

async function fastifyApp(broker: Broker): Promise<Host> {
  const app = fastify()
  app.get('/own', async () => 'own')
  await app.register(toFastify(broker), { prefix: '/api/broker' })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return listening(app.server, '/api/broker')
}

function koaApp(broker: Broker): Promise<Host> {
  const app = new Koa()
  app.use(toKoa(broker, { prefix: '/api/broker' }))
  app.use((context) => {
    if (context.path === '/own') context.body = 'own'
  })
  const handle = app.callback()
  return listening(
    createServer((request, response) => void handle(request, response)),
    '/api/broker',
  )
}

async function honoApp(broker: Broker): Promise<Host> {
  const app = new Hono()
  app.get('/own', (context) => context.text('own'))
  app.all('/api/broker/*', toHono(broker))
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve))
  return listening(server, '/api/broker')
}

function nodeApp(broker: Broker): Promise<Host> {
  const handler = toNodeHandler(broker)
  return listening(
    createServer((request, response) => {
      if (request.url === '/own') response.end('own')
      else handler(request, response)
    }),
    '/api/broker',
  )
}

/** Every way to put a broker into an app. */
export const hosts: readonly HostKind[] = [
  { name: 'node:http', keepsDots: true, start: nodeApp },
  { name: 'Express 5', keepsDots: true, start: (broker) => expressApp(express, undefined, broker) },
  { name: 'Express 5 behind express.json()', keepsDots: true, start: (broker) => expressApp(express, express, broker) },
  {
    name: 'Express 4 behind express.json()',
    keepsDots: true,
    start: (broker) => expressApp(express4, express4, broker),
  },
  { name: 'Fastify 5', keepsDots: true, start: fastifyApp },
  { name: 'Koa 3', keepsDots: true, start: koaApp },
  { name: 'Hono 4', keepsDots: false, start: honoApp },
]
