// A broker process of the SIGSTOP test. The one named `slow` works until it is told to go on, and notes what it sees.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createBroker, defineOffering, definePlan, noAuth } from 'osb-server'
import { toNodeHandler } from 'osb-server/node'
import { postgresStore } from 'osb-server/postgres'
import pg from 'pg'

const connectionString = process.env['DATABASE_URL'] ?? ''
const name = process.env['REPLICA'] ?? ''
const notes = new pg.Pool({ connectionString, max: 4 })
const note = (what: string, detail: string) =>
  notes.query('insert into notes (replica, what, detail) values ($1, $2, $3)', [name, what, detail])

async function untilToldToGoOn(): Promise<void> {
  for (;;) {
    const { rows } = await notes.query<{ told: boolean }>(
      "select exists (select from notes where what = 'go on') as told",
    )
    if (rows[0]?.told) return
    await sleep(20)
  }
}

const offering = defineOffering({
  id: 'service',
  name: 'stopped',
  description: 'Stopped',
  bindable: true,
  plans: [definePlan({ id: 'plan', name: 'small', description: 'Small' })],
  async provision({ signal, fencingToken, checkpoint, progress }) {
    await note('begun', String(fencingToken))
    if (name !== 'slow') return { state: { host: name } }
    signal.addEventListener('abort', () => void note('aborted', (signal.reason as Error & { why: string }).why))
    await untilToldToGoOn()
    for (const write of [() => checkpoint('outdated'), () => progress('outdated')])
      await write().then(
        () => note('written', ''),
        (error: Error) => note('refused', error.name),
      )
    await note('returned', '')
    return { state: { host: name } }
  },
  bind: async ({ instance }) => ({ credentials: { host: instance.state.host } }),
  unbind: async () => {},
  deprovision: async () => {},
})

const broker = createBroker({
  offerings: [offering],
  auth: noAuth(),
  store: await postgresStore({
    connectionString,
    encryptionKey: process.env['ENCRYPTION_KEY'] ?? '',
    maximumConnections: 4,
  }),
  leaseMs: 2_000,
  heartbeatMs: 300,
})
const server = createServer(toNodeHandler(broker)).listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port)
})
// Whatever still runs is waited for, so that nothing can be written after the end of this process.
process.once('SIGTERM', () => {
  void broker.close().then(() => process.exit(0))
})
