import type { Socket } from 'node:net'
import type { OrphanMitigation } from 'osb-protocol'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type BrokerClient, createBrokerClient, isBrokerClientError } from '../src/index.js'
import { httpAnswer, socketBroker } from './support/socket-broker.js'

const ids = { instance_id: 'i', binding_id: 'b', service_id: 's', plan_id: 'p' }
const calls = {
  catalog: (client: BrokerClient) => client.catalog(),
  provision: (client: BrokerClient) => client.provisionAndWait(ids),
  fetchInstance: (client: BrokerClient) => client.fetchInstance(ids),
  update: (client: BrokerClient) => client.updateAndWait(ids),
  deprovision: (client: BrokerClient) => client.deprovisionAndWait(ids),
  lastInstanceOperation: (client: BrokerClient) => client.lastInstanceOperation(ids),
  bind: (client: BrokerClient) => client.bindAndWait(ids),
  fetchBinding: (client: BrokerClient) => client.fetchBinding(ids),
  unbind: (client: BrokerClient) => client.unbindAndWait(ids),
  lastBindingOperation: (client: BrokerClient) => client.lastBindingOperation(ids),
}
type Call = keyof typeof calls
const allCalls = Object.keys(calls) as Call[]
const others = (...not: Call[]): Call[] => allCalls.filter((call) => !not.includes(call))

/** What is written once a request has come in; a poll is asked for after the first answer. */
type Wire = string | ((socket: Socket) => void)

/** Bodies that fit every success of a call. */
const bodies: Partial<Record<Call, string>> = {
  catalog: '{"services":[]}',
  lastInstanceOperation: '{"state":"succeeded"}',
  lastBindingOperation: '{"state":"succeeded"}',
}
const proper = (status: number) => (call: Call) => [httpAnswer(status, bodies[call] ?? '{}'), succeeded, '{}']
const same = (wire: Wire) => () => [wire]
const succeeded = httpAnswer(200, '{"state":"succeeded"}')
const error = httpAnswer(500, '{"description":"broken"}')

/** Every way in which the body of an answer can be wrong. */
const malformed = (status: number): Record<string, Wire> => ({
  'half a body': httpAnswer(status, '{"operation":"o"', { 'Content-Length': '500' }),
  'a body that stops for good': (socket) => socket.write(httpAnswer(status, '{"a":', { 'Content-Length': '99' })),
  'a reset in the body': (socket) => {
    socket.write(httpAnswer(status, '{"a":', { 'Content-Length': '99' }), () =>
      setTimeout(() => socket.resetAndDestroy(), 20),
    )
  },
  'a length that is too short': httpAnswer(status, '{"operation":"o"}', { 'Content-Length': '5' }),
  garbage: httpAnswer(status, '<html>Bad Gateway</html>'),
  'an array': httpAnswer(status, '[]'),
  nothing: httpAnswer(status, ''),
})
const silence: Wire = () => {}
const slow: Wire = (socket) => {
  socket.write('HTTP/1.1 201 Created\r\n')
  const timer = setInterval(() => socket.write('X-Slow: 1\r\n'), 20)
  socket.on('close', () => clearInterval(timer))
}
const reset: Wire = (socket) => socket.resetAndDestroy()

/** What the error of the call says; undefined when it succeeded. */
async function mitigationOf(call: Call, answers: readonly Wire[]): Promise<OrphanMitigation | undefined> {
  let at = 0
  const url = await socketBroker((socket) => {
    const wire = answers[Math.min(at++, answers.length - 1)] ?? ''
    if (typeof wire === 'string') socket.end(wire)
    else wire(socket)
  })
  const polling = { startIntervalMs: 5, maximumPollingMs: 5000 }
  const client = createBrokerClient({ url, auth: 'none', timeoutMs: 250, retries: 0, polling })
  onTestFinished(() => client.close())
  try {
    await calls[call](client)
    return undefined
  } catch (caught) {
    if (isBrokerClientError(caught)) return caught.orphanMitigation
    throw caught
  }
}

interface Row {
  readonly rule: string
  readonly calls: readonly Call[]
  readonly wires: Readonly<Record<string, (call: Call) => readonly Wire[]>>
  readonly expected: OrphanMitigation | undefined
}

const each = (wires: Record<string, Wire>) =>
  Object.fromEntries(Object.entries(wires).map(([name, wire]) => [name, same(wire)]))
const statuses = (...codes: number[]) =>
  Object.fromEntries(codes.map((code) => [String(code), same(httpAnswer(code, '{}'))]))
const failedPoll = () => [httpAnswer(202, '{}'), httpAnswer(200, '{"state":"failed"}')]

/** The table of the specification, row by row: what the broker writes, and what the platform has to delete. */
const table: readonly Row[] = [
  { rule: 'ORPH-05', calls: allCalls, wires: { 200: proper(200) }, expected: undefined },
  {
    rule: 'ORPH-06',
    calls: ['provision', 'bind', 'update', 'deprovision', 'unbind'],
    wires: each(malformed(200)),
    expected: 'none',
  },
  { rule: 'ORPH-07', calls: ['provision', 'deprovision'], wires: { failed: failedPoll }, expected: 'instance' },
  { rule: 'ORPH-08', calls: ['bind', 'unbind'], wires: { failed: failedPoll }, expected: 'binding' },
  { rule: 'ORPH-09', calls: ['provision', 'bind'], wires: { 201: proper(201) }, expected: undefined },
  { rule: 'ORPH-10', calls: ['provision'], wires: each(malformed(201)), expected: 'instance' },
  { rule: 'ORPH-11', calls: ['bind'], wires: each(malformed(201)), expected: 'binding' },
  {
    rule: 'ORPH-12',
    calls: ['provision', 'update', 'deprovision', 'unbind'],
    wires: { 202: proper(202) },
    expected: undefined,
  },
  { rule: 'ORPH-13', calls: ['provision'], wires: each(malformed(202)), expected: 'instance' },
  { rule: 'ORPH-14', calls: ['bind'], wires: each(malformed(202)), expected: 'binding' },
  { rule: 'ORPH-15', calls: ['provision', 'deprovision'], wires: statuses(203, 204, 206), expected: 'instance' },
  { rule: 'ORPH-16', calls: ['bind', 'unbind'], wires: statuses(203, 204, 206), expected: 'binding' },
  { rule: 'ORPH-17', calls: ['update'], wires: statuses(201, 203, 204, 206), expected: 'none' },
  { rule: 'ORPH-18', calls: allCalls, wires: statuses(408), expected: 'none' },
  { rule: 'ORPH-19', calls: allCalls, wires: statuses(400, 401, 404, 409, 422), expected: 'none' },
  {
    rule: 'ORPH-20',
    calls: ['provision', 'deprovision'],
    wires: { 500: same(error), ...statuses(502, 503) },
    expected: 'instance',
  },
  {
    rule: 'ORPH-21',
    calls: ['bind', 'unbind'],
    wires: { 500: same(error), ...statuses(502, 503) },
    expected: 'binding',
  },
  {
    rule: 'ORPH-22',
    calls: others('provision', 'deprovision', 'bind', 'unbind'),
    wires: { 500: same(error) },
    expected: 'none',
  },
  { rule: 'ORPH-23', calls: ['provision'], wires: each({ silence, slow, reset }), expected: 'instance' },
  { rule: 'ORPH-24', calls: ['bind'], wires: each({ silence, slow, reset }), expected: 'binding' },
  { rule: 'ORPH-25', calls: others('provision', 'bind'), wires: each({ silence, reset }), expected: 'none' },
  { rule: '3xx', calls: allCalls, wires: statuses(301, 303, 307), expected: 'none' },
]

describe('the orphan table, from a real socket', () => {
  it.each(table)(
    '$rule: says what to delete',
    async ({ calls: called, wires, expected }) => {
      for (const call of called)
        for (const [name, wireOf] of Object.entries(wires))
          expect(await mitigationOf(call, wireOf(call)), `${call}: ${name}`).toBe(expected)
    },
    60_000,
  )
})
