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
import { fetchServer } from './fetch-server.js'

/** An app with a route of its own, `/own`, and a broker at a mount point. */
export interface Host {
  /** Where the broker is, up to what stands before `/v2`. */
  readonly url: string
  /** Where the app is. */
  readonly rootUrl: string
  close(): Promise<void>
}

export interface HostKind {
  readonly name: string
  /** Whether the adapter sees what the socket knows: the path as it was sent, the address of the client. */
  readonly onNode: boolean
  /** Whether the app parses bodies, under its own limit and with its own answers to what it cannot parse. */
  readonly parses: boolean
  start(broker: Broker): Promise<Host>
}

const mount = '/api/broker'

/** Has a server listen, if it does not yet. */
export async function listening(server: Server): Promise<Host> {
  if (!server.listening)
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
  const rootUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `${rootUrl}${mount}`,
    rootUrl,
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
  app.use(mount, toExpress(broker))
  return listening(createServer(app))
}

async function fastifyApp(broker: Broker): Promise<Host> {
  const app = fastify()
  app.get('/own', async () => 'own')
  app.register(toFastify(broker), { prefix: mount })
  await app.ready()
  return listening(app.server)
}

function koaApp(broker: Broker): Promise<Host> {
  const app = new Koa()
  app.use(toKoa(broker, { prefix: mount }))
  app.use((context) => {
    if (context.path === '/own') context.body = 'own'
  })
  const handle = app.callback()
  return listening(createServer((request, response) => void handle(request, response)))
}

function honoApp(broker: Broker): Hono {
  const app = new Hono()
  app.get('/own', (context) => context.text('own'))
  app.all(`${mount}/*`, toHono(broker))
  return app
}

/** Serves a Hono app on Node. */
export async function serveHono(app: Hono): Promise<Host> {
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve))
  return listening(server)
}

function nodeApp(broker: Broker): Promise<Host> {
  const handler = toNodeHandler(broker)
  const server = createServer((request, response) => {
    if (request.url === '/own') response.end('own')
    else if (request.url?.startsWith(`${mount}/`)) handler(request, response)
    else response.writeHead(404).end()
  })
  return listening(server)
}

function fetchApp(broker: Broker): Promise<Host> {
  const server = fetchServer((request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/own') return new Response('own')
    return pathname.startsWith(`${mount}/`) ? broker.fetch(request) : new Response(null, { status: 404 })
  })
  return listening(server)
}

const node = { onNode: true, parses: false }
const parsing = { onNode: true, parses: true }
const web = { onNode: false, parses: false }

/** Every way to put a broker into an app. */
export const hosts: readonly HostKind[] = [
  { name: 'node:http', ...node, start: nodeApp },
  { name: 'Express 5', ...node, start: (broker) => expressApp(express, undefined, broker) },
  { name: 'Express 5 behind express.json()', ...parsing, start: (broker) => expressApp(express, express, broker) },
  { name: 'Express 4', ...node, start: (broker) => expressApp(express4, undefined, broker) },
  { name: 'Express 4 behind express.json()', ...parsing, start: (broker) => expressApp(express4, express4, broker) },
  { name: 'Fastify 5', ...node, start: fastifyApp },
  { name: 'Koa 3', ...node, start: koaApp },
  { name: 'Hono 4 on Node', ...node, start: (broker) => serveHono(honoApp(broker)) },
  { name: 'Hono 4 elsewhere', ...web, start: (broker) => listening(fetchServer(honoApp(broker).fetch)) },
  { name: 'plain fetch', ...web, start: fetchApp },
]
