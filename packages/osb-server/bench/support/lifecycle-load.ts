import { connect, type Socket } from 'node:net'
import { context, guid, headersOf, ids, requestBytes } from './world.js'

const answerWithinMs = 60_000

/** What sends whole lives of instances, each with an id that was never used, over some connections that are kept. */
export interface LifecycleLoad {
  /** Each life is provision, bind, unbind, deprovision. @throws when an answer has another status than it should */
  live(count: number): Promise<void>
  close(): void
}

export const callsOfLife = 4

interface Step {
  readonly method: string
  readonly path: string
  readonly body?: string
  readonly status: number
}

const query = `service_id=${ids.service_id}&plan_id=${ids.plan_id}`
const { organization_guid, space_guid } = context
const provisionBody = JSON.stringify({
  ...ids,
  context,
  organization_guid,
  space_guid,
  parameters: { charset: 'utf8mb4', storage_gb: 20 },
})
const bindBody = JSON.stringify({
  ...ids,
  context,
  bind_resource: { app_guid: guid(7, 1), space_guid },
  parameters: { read_only: true },
})

export function idsOfLife(life: number): { readonly instance_id: string; readonly binding_id: string } {
  return { instance_id: guid(8, life), binding_id: guid(9, life) }
}

function stepsOfLife(life: number): readonly Step[] {
  const { instance_id, binding_id } = idsOfLife(life)
  const instance = `/v2/service_instances/${instance_id}`
  const binding = `${instance}/service_bindings/${binding_id}`
  return [
    { method: 'PUT', path: `${instance}?accepts_incomplete=true`, body: provisionBody, status: 201 },
    { method: 'PUT', path: `${binding}?accepts_incomplete=true`, body: bindBody, status: 201 },
    { method: 'DELETE', path: `${binding}?accepts_incomplete=true&${query}`, status: 200 },
    { method: 'DELETE', path: `${instance}?accepts_incomplete=true&${query}`, status: 200 },
  ]
}

export async function connectLifecycleLoad(port: number, connections: number): Promise<LifecycleLoad> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)))
  let lives = 0
  return {
    async live(count) {
      const end = lives + count
      const work = async (socket: Socket) => {
        while (lives < end) for (const step of stepsOfLife(lives++)) await send(socket, step)
      }
      const stop = stayAwake()
      await Promise.all(sockets.map(work)).finally(stop)
    },
    close: () => sockets.forEach((socket) => socket.destroy()),
  }
}

/**
 * Keeps this process from sleeping until the next answer. To wake it is the work of the server's write, and would be
 * counted as the server's for each answer that is not there at once.
 * @returns what ends it
 */
function stayAwake(): () => void {
  let next = setImmediate(function again() {
    next = setImmediate(again)
  })
  return () => clearImmediate(next)
}

/** One life without a socket between. @throws when an answer has another status than it should */
export async function liveByFetch(fetch: (request: Request) => Promise<Response>, life: number): Promise<void> {
  for (const { method, path, body, status } of stepsOfLife(life)) {
    const request = { method, headers: headersOf(path, body), ...(body === undefined ? {} : { body }) }
    const response = await fetch(new Request(`http://broker.example.com${path}`, request))
    if (response.status !== status) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.setNoDelay(true)
    socket.once('error', reject)
  })
}

function send(socket: Socket, step: Step): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = ''
    const finish = (error?: Error) => {
      clearTimeout(timer)
      socket.off('data', onData)
      if (error) reject(error)
      else resolve()
    }
    const onData = (part: Buffer) => {
      received += part.toString('latin1')
      const headEnd = received.indexOf('\r\n\r\n')
      if (headEnd < 0) return
      if (!received.startsWith(`HTTP/1.1 ${step.status} `))
        return finish(new Error(`${step.method} ${step.path}: expected ${step.status}, got ${received.slice(0, 300)}`))
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0)
      if (received.length >= headEnd + 4 + length) finish()
    }
    const timer = setTimeout(() => finish(new Error(`${step.method} ${step.path}: no answer in time`)), answerWithinMs)
    socket.on('data', onData)
    socket.write(requestBytes(step))
  })
}
