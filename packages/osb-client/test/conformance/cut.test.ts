import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { runConformance } from '../../src/conformance.js'
import { answer, type Fault, keyOf, withFault } from './brokers/fault.js'
import { referenceBroker } from './brokers/reference-broker.js'
import { login, type TestBroker } from './brokers/test-broker.js'

/** Serves a broker as a server does: what comes in part is dropped, and who hangs up aborts the call. */
async function serve(broker: TestBroker, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  const { method = 'GET', url = '/', headers } = incoming
  const hungUp = new AbortController()
  outgoing.once('close', () => hungUp.abort())
  const body = parts.length === 0 ? {} : { body: Buffer.concat(parts) }
  const init = { method, headers: headers as Record<string, string>, signal: hungUp.signal, ...body }
  const response = await broker.fetch(new Request(`http://broker.test${url}`, init))
  outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text())
}

/** What the probe says of a broker behind a real socket. */
async function probe(broker: TestBroker) {
  const server = createServer((incoming, outgoing) => {
    serve(broker, incoming, outgoing).catch(() => outgoing.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await broker.close()
  })
  const run = runConformance({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    auth: login,
    select: { checks: ['probe:cut-connection'] },
    polling: { startIntervalMs: 5, maxIntervalMs: 20 },
    seed: 1,
  })
  for (;;) {
    const next = await run.next()
    if (next.done) return next.value
  }
}

it('a correct broker passes, wherever requests and answers are cut', { timeout: 120_000 }, async () => {
  const { results, leftovers } = await probe(referenceBroker({ only: ['sql', 'cluster'] }))
  // Of 2 moments, 6 points of provisions and 3 of binds each: the delete, its repeat, and what a fetch finds.
  expect(results.map(({ outcome, assertions, found }) => ({ outcome, assertions, found }))).toEqual([
    { outcome: 'pass', assertions: 33, found: '404' },
    { outcome: 'pass', assertions: 33, found: '404' },
  ])
  expect(leftovers).toEqual([])
})

/** What was cut off can no longer be deleted. */
const loses =
  (made: 'provision' | 'bind', removed: 'deprovision' | 'unbind'): Fault =>
  async (call, next) => {
    if (call.operation === removed && cut.has(keyOf(call))) return answer(500, { description: 'It is half made.' })
    const answered = await next(call)
    if (call.operation !== made) return answered
    await sleep(30)
    if (call.signal.aborted) cut.add(keyOf(call))
    return answered
  }
const cut = new Set<string>()

it.each([
  ['provision', 'deprovision'],
  ['bind', 'unbind'],
] as const)('a broker that loses a %s that was cut off is found out', { timeout: 120_000 }, async (made, removed) => {
  const { results } = await probe(withFault(referenceBroker({ only: ['sql'] }), loses(made, removed)))
  expect(results).toMatchObject([{ outcome: 'warning', found: '500' }])
  const [told] = results[0]?.exchanges ?? []
  expect(told?.label).toMatch(new RegExp(`^a ${made} that is (hung up on|cut off)`))
})
