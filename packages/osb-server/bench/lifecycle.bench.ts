// What the lifecycle storey costs for whole lives of instances (provision, bind, unbind, deprovision): with the memory
// store in CPU time beside the wire storey alone, on PostgreSQL in lives per second beside the same statements sent by
// `pg` and nothing else. OSB_BENCH_PAIRS (default 21) and OSB_BENCH_LIVES (per measurement, default 500).
import pg from 'pg'
import { postgresStore } from '../src/postgres.js'
import { startPostgres, whyNoPostgres } from '../../../test/support/postgres-server.js'
import { callsOfLife, connectLifecycleLoad, idsOfLife, liveByFetch } from './support/lifecycle-load.js'
import { encryptionKey, lifecycleBroker } from './support/lifecycle-servers.js'
import { RecordingPool, replay } from './support/recorded-statements.js'
import { compileServers, pinThisProcess, startServer } from './support/server-control.js'
import type { ServerKind } from './support/server-process.js'
import { judge, spreadOf, twoDigits } from './support/statistics.js'

const pairs = Number(process.env['OSB_BENCH_PAIRS'] ?? 21)
const lives = Number(process.env['OSB_BENCH_LIVES'] ?? 500)
/** Until what runs often is compiled: a new process takes several times as long for a call. */
const warmUpLives = 4000
const concurrency = 32
/** As many as `postgresStore` has by default. */
const connections = 10
/** The whole may cost a quarter more than the wire. */
const memoryBar = 1 / 1.25
const postgresBar = 0.5

interface Contestant {
  /** Larger is better. */
  measure(): Promise<number>
  close(): Promise<void> | void
}
type Trio = Readonly<Record<'reference' | 'control' | 'broker', Contestant>>
const names = ['reference', 'control', 'broker'] as const

/** Calls per second of CPU time of a server. */
async function byCpuTime(file: string, kind: ServerKind): Promise<Contestant> {
  const server = await startServer(file, kind)
  const load = await connectLifecycleLoad(server.port, concurrency)
  return {
    async measure() {
      const before = await server.usage()
      await load.live(lives)
      const after = await server.usage()
      return (lives * callsOfLife * 1e6) / (after.cpuMicroseconds - before.cpuMicroseconds)
    },
    close() {
      load.close()
      server.close()
    },
  }
}

/** Lives per second. */
function byTheClock(live: (count: number) => Promise<void>, close: Contestant['close']): Contestant {
  return {
    async measure() {
      const begun = performance.now()
      await live(lives)
      return (lives * 1e3) / (performance.now() - begun)
    },
    close,
  }
}

async function brokerOnPostgres(file: string): Promise<Contestant> {
  const server = await startServer(file, 'postgres')
  const load = await connectLifecycleLoad(server.port, concurrency)
  return byTheClock(load.live, () => {
    load.close()
    server.close()
  })
}

/** The statements of a broker's life, again and again. */
async function bareStatements(connectionString: string, firstLife: number): Promise<Contestant> {
  const recording = new RecordingPool(connectionString)
  const store = await postgresStore({ pool: recording, encryptionKey })
  const broker = lifecycleBroker(store)
  // The look for lapsed work, which every broker begins with, is over after the first.
  await liveByFetch(broker.fetch, firstLife)
  const recorded = await recording.record(() => liveByFetch(broker.fetch, firstLife + 1))
  await broker.close()
  await recording.end()
  const pool = new pg.Pool({ connectionString, max: connections })
  const { instance_id, binding_id } = idsOfLife(firstLife + 1)
  let next = firstLife + 2
  const live = async (count: number) => {
    const end = next + count
    const work = async () => {
      while (next < end) {
        const ids = idsOfLife(next++)
        await replay(
          pool,
          recorded,
          new Map([
            [instance_id, ids.instance_id],
            [binding_id, ids.binding_id],
          ]),
        )
      }
    }
    await Promise.all(Array.from({ length: concurrency }, work))
  }
  return byTheClock(live, () => pool.end())
}

/** Each as a part of the reference, by rounds in which all take their turn, forwards and backwards; all are closed then. */
async function compare(title: string, unit: string, bar: number, trio: Trio): Promise<boolean> {
  const absolute: number[] = []
  const ratios: Record<'control' | 'broker', number[]> = { control: [], broker: [] }
  try {
    for (const name of names) for (let lived = 0; lived < warmUpLives; lived += lives) await trio[name].measure()
    for (let round = 0; round < pairs; round++) {
      const measured = { reference: 0, control: 0, broker: 0 }
      for (const name of round % 2 === 0 ? names : names.toReversed()) measured[name] = await trio[name].measure()
      absolute.push(measured.reference)
      ratios.control.push(measured.control / measured.reference)
      ratios.broker.push(measured.broker / measured.reference)
    }
  } finally {
    for (const contestant of Object.values(trio)) await contestant.close()
  }
  const [broker, control] = [spreadOf(ratios.broker), spreadOf(ratios.control)]
  const verdict = judge(broker.median, bar, control.median)
  const format = ({ median, lowest, highest }: typeof broker) =>
    `${twoDigits(median)} (${twoDigits(lowest)}–${twoDigits(highest)})`
  console.log(`${title}: bar ${twoDigits(bar)}, ${format(broker)}, control A/A ${format(control)}, ${verdict}`)
  console.log(`  the reference: ${spreadOf(absolute).median.toFixed(0)} ${unit}`)
  return verdict !== 'MISSED'
}

async function compareOnPostgres(file: string): Promise<boolean> {
  const server = await startPostgres()
  try {
    const connectionString = await server.newDatabase()
    process.env['DATABASE_URL'] = connectionString
    return await compare('PostgreSQL, lives per second as a part of the bare statements’', 'lives/s', postgresBar, {
      reference: await bareStatements(connectionString, 1_000_000),
      control: await bareStatements(connectionString, 2_000_000),
      broker: await brokerOnPostgres(file),
    })
  } finally {
    await server.stop()
  }
}

const file = await compileServers()
const pinned = pinThisProcess()
console.log(
  `Node ${process.version}, ${pairs} rounds of ${lives} lives each, ${concurrency} at once, server ${pinned ? 'on a core of its own' : 'on any core'}`,
)
const memoryIsGood = await compare(
  'Memory store, calls per CPU time as a part of the wire storey’s',
  'calls per second of CPU time',
  memoryBar,
  {
    reference: await byCpuTime(file, 'stateless'),
    control: await byCpuTime(file, 'stateless'),
    broker: await byCpuTime(file, 'memory'),
  },
)
const missing = whyNoPostgres()
if (missing !== undefined) console.log(`PostgreSQL is left out: ${missing}`)
const postgresIsGood = missing !== undefined || (await compareOnPostgres(file))
process.exitCode = memoryIsGood && postgresIsGood ? 0 : 1
