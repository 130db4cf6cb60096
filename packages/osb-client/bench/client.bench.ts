// What the client costs beside bare `undici.request` on the same Agent, as calls per second against the same server in
// one run; and whether memory and sockets stay flat. OSB_BENCH_PAIRS (rounds, default 21), OSB_BENCH_CALLS (per
// measurement and worker slot, default 1,000) and OSB_BENCH_MEMORY_CALLS (default 10,000; 0: none).
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Agent, request } from 'undici'
import type * as Client from '../src/index.js'
import { compile } from './support/compile.js'
import { type RunningServer, startServer } from './support/server-control.js'
import { judge, type Spread, spreadOf, twoDigits } from './support/statistics.js'
import { auth, bindBody, binding_id, instance_id, provisionBody } from './support/world.js'

const pairs = Number(process.env['OSB_BENCH_PAIRS'] ?? 21)
const calls = Number(process.env['OSB_BENCH_CALLS'] ?? 1_000)
const memoryCalls = Number(process.env['OSB_BENCH_MEMORY_CALLS'] ?? 10_000)
const flatWithinBytes = 4 * 1024 * 1024

interface Scenario {
  readonly name: string
  readonly bar: number
  readonly concurrency: number
  readonly bare: () => Promise<unknown>
  readonly client: () => Promise<unknown>
}

const { clientUrl, serverFile } = await compile()
const { createBrokerClient } = (await import(clientUrl)) as typeof Client
const server = await startServer(serverFile)
const origin = `http://127.0.0.1:${server.port}`
const agent = new Agent()
const client = createBrokerClient({ url: origin, auth, dispatcher: agent })

const headers = {
  Accept: 'application/json',
  Authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`,
  'X-Broker-API-Version': '2.17',
  'X-Broker-API-Request-Identity': '26be59c0-f163-4bb6-9a3a-8dd7d6d0b8c1',
}
const instancePath = `${origin}/v2/service_instances/${instance_id}`

/** As little as a platform can do: send, see that the status is right, and parse. */
async function bare(status: number, url: string, options: Parameters<typeof request>[1] = {}): Promise<unknown> {
  const { statusCode, body } = await request(url, { dispatcher: agent, headers, ...options })
  const text = await body.text()
  if (statusCode !== status) throw new Error(`expected ${status}, got ${statusCode}`)
  return text === '' ? undefined : JSON.parse(text)
}

const put = (body: object) =>
  ({ method: 'PUT', headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(body) }) as const
const first = await client.catalog()
const etag = first.outcome === 'found' ? (first.etag ?? '') : ''
const provision = {
  name: 'provision',
  bar: 0.85,
  bare: () => bare(201, `${instancePath}?accepts_incomplete=true`, put(provisionBody)),
  client: () => client.provision({ instance_id, ...provisionBody, accepts_incomplete: true }),
}
const bind = {
  name: 'bind',
  bar: 0.85,
  bare: () => bare(201, `${instancePath}/service_bindings/${binding_id}?accepts_incomplete=true`, put(bindBody)),
  client: () => client.bind({ instance_id, binding_id, ...bindBody, accepts_incomplete: true }),
}
const catalogs = {
  name: 'catalog, 30 KB',
  bar: 0.5,
  bare: () => bare(200, `${origin}/v2/catalog`),
  client: () => client.catalog(),
}
const unchanged = {
  name: 'catalog, 304',
  bar: 0.9,
  bare: () => bare(304, `${origin}/v2/catalog`, { headers: { ...headers, 'If-None-Match': etag } }),
  client: () => client.catalog({ etag }),
}
const scenarios: readonly Scenario[] = [provision, bind, catalogs, unchanged].flatMap((scenario) =>
  [1, 50].map((concurrency) => ({ ...scenario, concurrency })),
)

/** Milliseconds for so many calls, so many at a time. */
async function timeOf(call: () => Promise<unknown>, count: number, concurrency: number): Promise<number> {
  let left = count
  const worker = async (): Promise<void> => {
    while (left-- > 0) await call()
  }
  const startMs = performance.now()
  await Promise.all(Array.from({ length: concurrency }, worker))
  return performance.now() - startMs
}

interface Comparison {
  readonly ratio: Spread
  readonly control: Spread
  readonly bareMicroseconds: Spread
  readonly cpu: Spread
}

/** Calls per second as a part of the bare ones, by rounds in which all take their turn, forwards and backwards. */
async function compare({ bare: plain, client: ours, concurrency }: Scenario): Promise<Comparison> {
  const contestants = { bare: plain, control: plain, client: ours }
  for (const call of [plain, ours]) await timeOf(call, calls, concurrency)
  const found: Record<'ratio' | 'control' | 'bareMicroseconds' | 'cpu', number[]> = {
    ratio: [],
    control: [],
    bareMicroseconds: [],
    cpu: [],
  }
  const names = ['bare', 'client', 'control'] as const
  for (let round = 0; round < pairs; round++) {
    const ms = { bare: 0, control: 0, client: 0 }
    const cpu = { bare: 0, control: 0, client: 0 }
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const before = process.cpuUsage()
      ms[name] = await timeOf(contestants[name], calls, concurrency)
      const { user, system } = process.cpuUsage(before)
      cpu[name] = user + system
    }
    found.ratio.push(ms.bare / ms.client)
    found.control.push(ms.bare / ms.control)
    found.bareMicroseconds.push((ms.bare * 1000) / calls)
    found.cpu.push(cpu.bare / cpu.client)
  }
  const { ratio, control, bareMicroseconds, cpu } = found
  return {
    ratio: spreadOf(ratio),
    control: spreadOf(control),
    bareMicroseconds: spreadOf(bareMicroseconds),
    cpu: spreadOf(cpu),
  }
}

const format = ({ median, lowest, highest }: Spread): string =>
  `${twoDigits(median)} (${twoDigits(lowest)}–${twoDigits(highest)})`.padEnd(20)

/** The bytes in use after each tenth of the calls, the first of which is for the machine to get warm; and the sockets. */
async function checkFlat(): Promise<boolean> {
  // A server of its own, whose connections are this client's alone.
  const running: RunningServer = await startServer(serverFile)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const own = createBrokerClient({ url: `http://127.0.0.1:${running.port}`, auth })
  const mixed = [
    () => own.catalog({ etag }),
    () => own.provision({ instance_id, ...provisionBody }),
    () => own.bind({ instance_id, binding_id, ...bindBody }),
    () => own.unbind({ instance_id, binding_id, service_id: bindBody.service_id, plan_id: bindBody.plan_id }),
  ]
  let at = 0
  const heaps: number[] = []
  const sockets: number[] = []
  for (let tenth = 0; tenth < 10; tenth++) {
    await timeOf(async () => mixed[at++ % mixed.length]?.(), Math.ceil(memoryCalls / 10), 50)
    collect()
    heaps.push(process.memoryUsage().heapUsed)
    sockets.push(await running.connections())
  }
  await own.close()
  await setTimeout(200)
  const left = await running.connections()
  running.close()
  const grown = (heaps.at(-1) ?? 0) - (heaps[0] ?? 0)
  // A connection is free again one turn after its answer, so undici has up to two for each call at a time.
  const isFlat = grown <= flatWithinBytes && Math.max(...sockets) <= 100 && left === 0
  console.log(`\n${memoryCalls} calls, 50 at a time; after each tenth`)
  console.log(`heap, MB: ${heaps.map((heap) => twoDigits(heap / 2 ** 20)).join(' ')}`)
  console.log(`sockets:  ${sockets.join(' ')}; after close(): ${left}`)
  console.log(`memory and sockets: ${isFlat ? 'flat' : 'missed'} (${twoDigits(grown / 2 ** 20)} MB more)`)
  return isFlat
}

console.log(
  `Node ${process.version}, ${pairs} rounds of ${calls} calls each, the server (osb-server) in its own process`,
)
console.log('Calls per second as a part of those of bare undici.request: median (lowest–highest)\n')
const columns = ['at a time'.padEnd(11), 'bar'.padEnd(6), 'client'.padEnd(20), 'control, A/A'.padEnd(20)]
console.log(`${'scenario'.padEnd(16)}${columns.join('')}${'by CPU time'.padEnd(20)}${'bare, µs'.padEnd(10)}`)
let isGood = true
for (const scenario of scenarios) {
  const { ratio, control, bareMicroseconds, cpu } = await compare(scenario)
  const verdict = judge(ratio.median, scenario.bar, control.median)
  isGood &&= verdict !== 'missed'
  const cells = [
    String(scenario.concurrency).padEnd(11),
    twoDigits(scenario.bar).padEnd(6),
    format(ratio),
    format(control),
  ]
  const more = [format(cpu), twoDigits(bareMicroseconds.median).padEnd(10), verdict]
  console.log(`${scenario.name.padEnd(16)}${cells.join('')}${more.join('')}`)
}
if (memoryCalls > 0) isGood = (await checkFlat()) && isGood
await Promise.all([client.close(), agent.close()])
server.close()
process.exitCode = isGood ? 0 : 1
