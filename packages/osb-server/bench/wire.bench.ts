// What the wire storey costs on `node:http`, in CPU time per request of the server, beside a bare server that does the
// same work by hand. Also: what `fetch` costs, and whether memory stays flat. OSB_BENCH_PAIRS (default 21),
// OSB_BENCH_REQUESTS (per measurement, default 2,000) and OSB_BENCH_MEMORY_REQUESTS (default 1,000,000; 0: none).
import { connectLoad, type Load } from './support/load.js'
import { compileServers, pinThisProcess, type RunningServer, startServer } from './support/server-control.js'
import { judge, spreadOf, twoDigits, type Spread } from './support/statistics.js'
import { requestBytes, type Scenario, scenariosFor } from './support/world.js'

const pairs = Number(process.env['OSB_BENCH_PAIRS'] ?? 21)
const requests = Number(process.env['OSB_BENCH_REQUESTS'] ?? 2_000)
const memoryRequests = Number(process.env['OSB_BENCH_MEMORY_REQUESTS'] ?? 1_000_000)
const warmUp = 5_000
const flatWithinBytes = 4 * 1024 * 1024

interface Contestant {
  readonly server: RunningServer
  readonly load: Load
}
const names = ['reference', 'control', 'broker', 'fetch'] as const
type Name = (typeof names)[number]
type Contestants = Readonly<Record<Name, Contestant>>

async function start(file: string): Promise<Contestants> {
  const started = {} as Record<Name, Contestant>
  for (const name of names) {
    const server = await startServer(file, name === 'control' ? 'reference' : name)
    started[name] = { server, load: await connectLoad(server.port) }
  }
  return started
}

/** CPU microseconds of the server per request. */
async function cost({ server, load }: Contestant, request: Buffer, { status }: Scenario): Promise<number> {
  const before = await server.usage()
  await load.send(request, requests, status)
  const after = await server.usage()
  return (after.cpuMicroseconds - before.cpuMicroseconds) / requests
}

/** Capacity of each as a part of the reference's, by rounds in which all take their turn, forwards and backwards. */
async function compare(contestants: Contestants, scenario: Scenario): Promise<Record<Name, Spread>> {
  const request = requestBytes(scenario)
  for (const name of names) await contestants[name].load.send(request, warmUp, scenario.status)
  const ratios: Record<Name, number[]> = { reference: [], control: [], broker: [], fetch: [] }
  for (let round = 0; round < pairs; round++) {
    const costs = {} as Record<Name, number>
    for (const name of round % 2 === 0 ? names : names.toReversed())
      costs[name] = await cost(contestants[name], request, scenario)
    for (const name of names) ratios[name].push(name === 'reference' ? costs.reference : costs.reference / costs[name])
  }
  return {
    reference: spreadOf(ratios.reference),
    control: spreadOf(ratios.control),
    broker: spreadOf(ratios.broker),
    fetch: spreadOf(ratios.fetch),
  }
}

function format({ median, lowest, highest }: Spread): string {
  return `${twoDigits(median)} (${twoDigits(lowest)}–${twoDigits(highest)})`.padEnd(20)
}

/** The bytes in use after each tenth of the requests; the first tenth is for the machine to get warm. */
async function checkMemory({ server, load }: Contestant, scenarios: readonly Scenario[]): Promise<boolean> {
  const heaps: number[] = []
  for (let tenth = 0; tenth < 10; tenth++) {
    for (const scenario of scenarios)
      await load.send(requestBytes(scenario), Math.ceil(memoryRequests / 10 / scenarios.length), scenario.status)
    heaps.push((await server.usage('collect')).heapBytes)
  }
  const grown = (heaps.at(-1) ?? 0) - (heaps[0] ?? 0)
  const isFlat = grown <= flatWithinBytes
  console.log(
    `heap after each tenth of ${memoryRequests} requests, MB: ${heaps.map((heap) => twoDigits(heap / 2 ** 20)).join(' ')}`,
  )
  console.log(
    `memory: ${isFlat ? 'flat' : 'GROWS'} (${twoDigits(grown / 2 ** 20)} MB from the first tenth to the last)`,
  )
  return isFlat
}

async function etagOf({ server }: Contestant): Promise<string> {
  const { login } = await import('./support/world.js')
  const headers = { authorization: login, 'X-Broker-API-Version': '2.17' }
  const response = await fetch(`http://127.0.0.1:${server.port}/v2/catalog`, { headers })
  await response.arrayBuffer()
  return response.headers.get('etag') ?? ''
}

const contestants = await start(await compileServers())
const pinned = pinThisProcess()
const etag = await etagOf(contestants.broker)
const scenarios = scenariosFor(etag)
console.log(
  `Node ${process.version}, ${pairs} rounds of ${requests} requests each, server ${pinned ? 'on a core of its own' : 'on any core'}`,
)
console.log('Capacity (1 / CPU time per request) as a part of the bare server’s: median (lowest–highest)\n')
console.log(
  `${'scenario'.padEnd(16)}${'bar'.padEnd(6)}${'Node adapter'.padEnd(20)}${'control, A/A'.padEnd(20)}${'fetch'.padEnd(20)}bare server, µs`,
)
let isGood = true
for (const scenario of scenarios) {
  const { reference, control, broker, fetch: byFetch } = await compare(contestants, scenario)
  const verdict = judge(broker.median, scenario.bar, control.median)
  isGood &&= verdict !== 'MISSED'
  console.log(
    `${scenario.name.padEnd(16)}${twoDigits(scenario.bar).padEnd(6)}${format(broker)}${format(control)}${format(byFetch)}${twoDigits(reference.median).padEnd(8)}${verdict}`,
  )
}
if (memoryRequests > 0) isGood = (await checkMemory(contestants.broker, scenarios)) && isGood
for (const { server, load } of Object.values(contestants)) {
  load.close()
  server.close()
}
process.exitCode = isGood ? 0 : 1
