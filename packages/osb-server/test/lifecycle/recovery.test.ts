import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { memoryStore } from 'osb-server'
import { sqliteStore } from 'osb-server/sqlite'
import { expect, it } from 'vitest'
import { deaf, gate, incomplete, testBroker } from '../support/test-broker.js'

const quick = { leaseMs: 1_000, heartbeatMs: 100 }

it('an operation whose process is gone is begun again by another, with what it had checkpointed', async () => {
  const store = memoryStore()
  const seen: { attempt: number; checkpointed: unknown }[] = []
  const tokens: number[] = []
  // A process that stops renewing its lease, as a dead one does.
  const dead = testBroker(
    {
      provision: async ({ checkpoint, fencingToken }) => {
        tokens.push(fencingToken)
        await checkpoint({ password: 'kept' })
        return new Promise(() => {})
      },
    },
    { store: deaf(store), leaseMs: 600, heartbeatMs: 100 },
  )
  const { body } = await dead.provision('i', {}, incomplete)
  const successor = testBroker(
    {
      provision: async ({ attempt, checkpointed, fencingToken }) => {
        seen.push({ attempt, checkpointed })
        tokens.push(fencingToken)
        return { state: { host: 'h' } }
      },
    },
    { store, ...quick },
  )
  expect((await successor.pollToEnd('i', body.operation)).body).toEqual({ state: 'succeeded' })
  expect(seen).toEqual([{ attempt: 2, checkpointed: { password: 'kept' } }])
  expect(tokens).toEqual([tokens[0], (tokens[0] ?? 0) + 1])
})

it('a lease that is renewed is not taken over, however long the work takes', async () => {
  const store = memoryStore()
  const held = gate()
  let calls = 0
  const provision = async () => {
    calls++
    await held.passed
    return { state: { host: 'h' } }
  }
  const first = testBroker({ provision }, { store, ...quick })
  testBroker({ provision }, { store, ...quick })
  await first.provision('i', {}, incomplete)
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  held.open()
  expect((await first.pollToEnd('i')).body['state']).toBe('succeeded')
  expect(calls).toBe(1)
})

it('a process that lost its lease is told so and writes nothing', async () => {
  const store = memoryStore()
  const held = gate()
  const reasons: unknown[] = []
  const slow = testBroker(
    {
      provision: async ({ signal }) => {
        signal.addEventListener('abort', () => reasons.push((signal.reason as Error & { why: string }).why))
        await held.passed
        return { state: { host: 'outdated' } }
      },
    },
    { store: deaf(store), leaseMs: 600, heartbeatMs: 100 },
  )
  await slow.provision('i', {}, incomplete)
  const other = testBroker({ provision: async () => ({ state: { host: 'new' } }) }, { store, ...quick })
  expect((await other.pollToEnd('i')).body['state']).toBe('succeeded')
  await expect.poll(() => reasons, { timeout: 2000 }).toEqual(['lease-lost'])
  held.open()
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect((await other.bind('i', 'b')).body).toEqual({ credentials: { host: 'new', username: 'b' } })
})

it('a create that a delete had overtaken when its process died is deleted, not begun again', async () => {
  const store = memoryStore()
  const calls: string[] = []
  const dead = testBroker(
    { provision: () => new Promise(() => {}) },
    { store: deaf(store), leaseMs: 600, heartbeatMs: 100 },
  )
  await dead.provision('i', {}, incomplete)
  const { body } = await dead.deprovision('i', incomplete)
  const successor = testBroker(
    {
      provision: async () => {
        calls.push('provision')
        return { state: { host: 'h' } }
      },
      deprovision: async () => {
        calls.push('deprovision')
      },
    },
    { store, ...quick },
  )
  expect((await successor.pollToEnd('i', body.operation)).body).toEqual({ state: 'succeeded' })
  expect(calls).toEqual(['deprovision'])
})

it('a shutdown leaves what it had to halt to another process at once', async () => {
  const store = memoryStore()
  const leaving = testBroker(
    {
      provision: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        }),
    },
    { store, leaseMs: 60_000, heartbeatMs: 20_000 },
  )
  const { body } = await leaving.provision('i', {}, incomplete)
  await leaving.broker.close()
  expect((await leaving.provision('j')).status).toBe(503)
  const next = testBroker({}, { store, ...quick })
  expect((await next.pollToEnd('i', body.operation)).body).toEqual({ state: 'succeeded' })
})

it('many operations that were left behind go on at the first look, as many at once as may run', async () => {
  const store = memoryStore()
  const dead = testBroker(
    { provision: () => new Promise(() => {}) },
    { store: deaf(store), leaseMs: 30, heartbeatMs: 10, syncWindowMs: 0 },
  )
  const names = Array.from({ length: 60 }, (_, index) => `i${index}`)
  await Promise.all(names.map((name) => dead.provision(name, {}, incomplete)))
  await new Promise((resolve) => setTimeout(resolve, 60))
  let running = 0
  let most = 0
  const successor = testBroker(
    {
      provision: async () => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 5))
        running--
        return { state: { host: 'h' } }
      },
    },
    { store, leaseMs: 600_000, heartbeatMs: 200_000, maximumRunningOperations: 25 },
  )
  const ends = await Promise.all(names.map((name) => successor.pollToEnd(name)))
  expect(new Set(ends.map(({ body }) => body['state']))).toEqual(new Set(['succeeded']))
  expect(most).toBe(25)
})

it('a record that cannot be read is reported and keeps no other operation from going on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'osb-recovery-'))
  const options = { file: join(folder, 'store.db'), encryptionKey: Buffer.alloc(32, 7) }
  const names = ['broken', 'i0', 'i1']
  const before = await sqliteStore(options)
  const dead = testBroker({ provision: () => new Promise(() => {}) }, { store: deaf(before), syncWindowMs: 0 })
  for (const name of names) await dead.provision(name, {}, incomplete)
  await before.close()
  const database = new Database(options.file)
  database.exec(`update osb_resources set request = answer where instance_id = 'broken'`)
  database.close()
  const store = await sqliteStore(options)
  const reported: unknown[] = []
  const calm = { leaseMs: 600_000, heartbeatMs: 200_000, maximumRunningOperations: 1 }
  const successor = testBroker({}, { store, ...calm, onError: (error) => void reported.push(error) })
  for (const name of ['i0', 'i1']) expect((await successor.pollToEnd(name)).body['state']).toBe('succeeded')
  expect(reported).toEqual([expect.objectContaining({ code: 'CORRUPT', message: expect.stringContaining('broken') })])
  await successor.broker.close()
  await store.close()
  await rm(folder, { recursive: true })
})
