import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Catalog, matchPath, type OperationName, type OperationState } from 'osb-protocol'
import { type FakeFault, isDone } from './fake-fault.js'
import { answerCall, bindingKey, type FakeAnswer, type FakeState } from './fake-state.js'
import { writeAnswer } from './write-answer.js'

/** A request that a fake broker has got. */
export interface FakeRequest {
  /** Undefined when it was no call of the protocol. */
  readonly operation: OperationName | undefined
  readonly method: string
  /** Path and query, encoded as they came. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** Parsed; undefined where there was none. */
  readonly body: unknown
}

/** How a fake broker is to be. */
export interface FakeBrokerOptions {
  /** @default one offering `fake` with one plan `small` */
  readonly catalog?: Catalog | undefined
  /** The login that it wants (401). @default none */
  readonly auth?: { readonly username: string; readonly password: string } | undefined
}

/** A broker for tests of what a platform does when a broker does not do what it should. */
export interface FakeBroker {
  /** `http://127.0.0.1:…` */
  readonly url: string
  readonly requests: readonly FakeRequest[]
  /** Whether an instance is there, whatever the platform was told. */
  hasInstance(instance_id: string): boolean
  hasBinding(instance_id: string, binding_id: string): boolean
  /** The next calls of an operation meet these faults, one each, in this order; the calls after them are answered well. */
  next(operation: OperationName, ...faults: readonly FakeFault[]): void
  /** Ends all connections, those of silent answers too. */
  close(): Promise<void>
}

const plan = { id: 'fake-plan', name: 'small', description: 'small' }
const offering = { id: 'fake-offering', name: 'fake', description: 'fake', bindable: true, plans: [plan] }

/**
 * Starts a broker on a free loopback port: a real server, so that time-outs, resets and half answers are real too. It
 * answers at once, keeps what it made in memory, and does what `next` says in between.
 * @example
 * const broker = await startFakeBroker()
 * broker.next('provision', { fault: 'error', status: 500, done: true }) // 5xx after success: an orphan
 * const client = createBrokerClient({ url: broker.url, auth: 'none' })
 */
export async function startFakeBroker(options: FakeBrokerOptions = {}): Promise<FakeBroker> {
  const { catalog = { services: [offering] }, auth } = options
  const state: FakeState = { instances: new Map(), bindings: new Map() }
  const scripts = new Map<OperationName, FakeFault[]>()
  const polls = new Map<string, Pending>()
  const requests: FakeRequest[] = []
  const closing = new AbortController()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request
    const match = matchPath(method, url.split('?')[0] ?? '')
    const operation = match.match === 'operation' ? match.operation : undefined
    const text = await textOf(request)
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    requests.push({ operation, method, path: url, headers, body })
    if (match.match !== 'operation') return writeAnswer(response, { status: 404, body: {} }, undefined, closing.signal)
    const { instance_id = '', binding_id = '' } = match.ids
    const call = { operation: match.operation, instance_id, binding_id, body }
    const fault = scripts.get(match.operation)?.shift()
    const refusal = refusalOf(headers, auth)
    if (refusal) return writeAnswer(response, refusal, fault, closing.signal)
    const key = bindingKey(instance_id, binding_id)
    const polled = isPoll(match.operation) ? nextPoll(polls, key) : undefined
    const plain = polled ?? (isDone(fault) ? answerCall(call, catalog, state) : { status: 200, body: {} })
    if (fault?.fault === 'async') polls.set(key, { left: fault.polls, end: fault.end ?? 'succeeded' })
    return writeAnswer(response, plain, fault, closing.signal)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    hasInstance: (instance_id) => state.instances.has(instance_id),
    hasBinding: (instance_id, binding_id) => state.bindings.has(bindingKey(instance_id, binding_id)),
    next(operation, ...faults) {
      scripts.set(operation, [...(scripts.get(operation) ?? []), ...faults])
    },
    async close() {
      closing.abort()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** An operation that is not over: how many polls say so, and what the next one says. */
interface Pending {
  left: number
  readonly end: Exclude<OperationState, 'in progress'> | 'gone'
}

const isPoll = (operation: OperationName): boolean =>
  operation === 'lastInstanceOperation' || operation === 'lastBindingOperation'

function nextPoll(polls: Map<string, Pending>, key: string): FakeAnswer | undefined {
  const pending = polls.get(key)
  if (!pending) return undefined
  if (pending.left-- > 0) return { status: 200, body: { state: 'in progress' } }
  return pending.end === 'gone' ? { status: 410, body: {} } : { status: 200, body: { state: pending.end } }
}

function refusalOf(headers: IncomingMessage['headers'], auth: FakeBrokerOptions['auth']): FakeAnswer | undefined {
  const wanted = auth && `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`
  if (wanted !== undefined && headers.authorization !== wanted)
    return { status: 401, body: { description: 'the login is wrong' } }
  if (headers['x-broker-api-version'] === undefined)
    return { status: 400, body: { description: 'X-Broker-API-Version is missing' } }
  return undefined
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
