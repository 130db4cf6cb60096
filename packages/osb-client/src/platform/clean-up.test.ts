import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openTestPlatform, platformWithBroker, testFolder } from '../../test/support/open-test-platform.js'
import type { PlatformState } from './state.js'

const order = { offering: 'collector', plan: 'normal', name: 'records' }

/** Has everything that is under way belong to a process that has ended. */
function abandonAll(folder: string): void {
  const path = join(folder, 'state.json')
  const state = JSON.parse(readFileSync(path, 'utf8')) as PlatformState
  const { pid } = spawnSync(process.execPath, ['-e', '0'])
  const text = JSON.stringify(state).replaceAll(`"pid":${process.pid}`, `"pid":${pid}`)
  writeFileSync(path, text)
}

/** A call that never ends, as if its process had been killed. */
async function interrupted(call: (signal: AbortSignal) => Promise<unknown>, isBegun: () => boolean): Promise<void> {
  const kill = new AbortController()
  const ended = call(kill.signal).catch(() => {})
  while (!isBegun()) await new Promise((resolve) => setTimeout(resolve, 5))
  kill.abort(new Error('killed'))
  await ended
}

describe('cleanUp', () => {
  it('finds nothing where nothing was left', async () => {
    const { platform } = await platformWithBroker()
    await platform.createInstance(order)
    expect(await platform.cleanUp()).toEqual([])
    expect(platform.state().instances).toHaveLength(1)
  })

  it('takes away a create without an answer', async () => {
    const { platform, broker } = await platformWithBroker()
    broker.next('provision', { fault: 'silent', done: true })
    await interrupted(
      (signal) => platform.createInstance(order, { signal }),
      () => broker.requests.some(({ operation }) => operation === 'provision'),
    )
    const guid = platform.state().instances[0]?.guid ?? ''
    expect(broker.hasInstance(guid)).toBe(true)
    expect(await platform.cleanUp()).toMatchObject([{ kind: 'instance', name: 'records', outcome: 'removed' }])
    expect(broker.hasInstance(guid)).toBe(false)
    expect(platform.state().instances).toEqual([])
  })

  it('takes away a bind without an answer, and repeats an unbind', async () => {
    const { platform, broker } = await platformWithBroker()
    await platform.createInstance(order)
    for (const operation of ['bind', 'unbind'] as const) {
      const before = broker.requests.length
      broker.next(operation, { fault: 'silent', done: operation === 'bind' })
      await interrupted(
        (signal) =>
          operation === 'bind'
            ? platform.bind({ instance: 'records', app: 'shop' }, { signal })
            : platform.unbindApp('shop', 'records', { signal }),
        () => broker.requests.length > before,
      )
      expect(await platform.cleanUp()).toMatchObject([{ kind: 'binding', name: 'records', outcome: 'removed' }])
      expect(platform.state().bindings).toEqual([])
      await platform.bind({ instance: 'records', app: 'shop' })
    }
  })

  it('repeats the deletes of what failed creates have left, once the broker takes them', async () => {
    const { platform, broker } = await platformWithBroker()
    const refused = { fault: 'error', status: 503 } as const
    broker.next('provision', { fault: 'error', status: 500, done: true })
    broker.next('deprovision', refused, refused, refused)
    await expect(platform.createInstance(order)).rejects.toThrow()
    const [lost] = platform.state().instances
    expect(broker.hasInstance(lost?.guid ?? '')).toBe(true)
    expect(lost?.last_operation).toMatchObject({ type: 'create', state: 'failed' })

    await platform.createInstance({ ...order, name: 'kept' })
    broker.next('bind', { fault: 'error', status: 500, done: true })
    broker.next('unbind', refused, refused, refused)
    await expect(platform.bind({ instance: 'kept', app: 'shop' })).rejects.toThrow()

    expect(await platform.cleanUp()).toMatchObject([
      { kind: 'binding', name: 'kept', outcome: 'removed' },
      { kind: 'instance', name: 'records', outcome: 'removed' },
    ])
    expect(broker.hasInstance(lost?.guid ?? '')).toBe(false)
    expect(platform.state().instances.map(({ name }) => name)).toEqual(['kept'])
    expect(platform.state().bindings).toEqual([])
    expect(await platform.cleanUp()).toEqual([])
  })

  it('says of an update without an answer that it has to be repeated', async () => {
    const { platform, broker } = await platformWithBroker()
    await platform.createInstance(order)
    broker.next('update', { fault: 'silent' })
    await interrupted(
      (signal) => platform.updateInstance('records', { plan: 'large' }, { signal }),
      () => broker.requests.some(({ operation }) => operation === 'update'),
    )
    await expect(platform.bind({ instance: 'records', app: 'a' })).rejects.toMatchObject({
      code: 'IN_PROGRESS',
      next: expect.stringContaining('osb cleanup') as string,
    })
    expect(await platform.cleanUp()).toMatchObject([{ outcome: 'finished' }])
    expect(platform.state().instances).toMatchObject([{ plan_name: 'normal', last_operation: { state: 'failed' } }])
  })

  it('waits for what the broker works on', async () => {
    const { platform, broker } = await platformWithBroker()
    broker.next('provision', { fault: 'async', polls: 1 })
    await platform.createInstance(order, { wait: false })
    expect(await platform.cleanUp()).toMatchObject([{ kind: 'instance', outcome: 'finished' }])
    expect(platform.state().instances).toMatchObject([{ last_operation: { state: 'succeeded' } }])
  })

  it('takes away what a run had ordered that is no more, and leaves the run of a living process', async () => {
    const folder = testFolder()
    const { broker } = await platformWithBroker()
    const platform = openTestPlatform({ folder })
    await platform.createBroker({ name: 'fake', url: broker.url, username: 'admin', password: 'broker-secret' })
    await platform.enableAccess({ offering: 'collector' })
    const run = await platform.beginRun('shop')
    const { guid } = await run.order({ offering: 'collector', plan: 'normal' })
    expect(await platform.cleanUp()).toEqual([])
    abandonAll(folder)
    expect(await platform.cleanUp()).toMatchObject([{ kind: 'binding' }, { kind: 'instance', outcome: 'removed' }])
    expect(broker.hasInstance(guid)).toBe(false)
    expect(platform.state()).toMatchObject({ instances: [], bindings: [], apps: [], runs: [] })
  })

  it('tells what it could not do, and does it the next time', async () => {
    const { platform, broker } = await platformWithBroker()
    const run = await platform.beginRun('shop')
    await run.order({ offering: 'collector', plan: 'normal' })
    broker.next('unbind', { fault: 'error', status: 500 }, { fault: 'error', status: 500 })
    await expect(run.end()).rejects.toMatchObject({ status: 500 })
    expect(await platform.cleanUp()).toMatchObject([{ kind: 'binding', outcome: 'removed' }, { kind: 'instance' }])
    expect(platform.state()).toMatchObject({ instances: [], bindings: [], apps: [] })
  })

  it('keeps what a run has kept, and numbers names that are taken', async () => {
    const { platform } = await platformWithBroker()
    const run = await platform.beginRun('shop')
    await run.order({ offering: 'collector', plan: 'normal' })
    await run.order({ offering: 'collector', plan: 'large' })
    await run.keep()
    expect(await platform.cleanUp()).toEqual([])
    expect(platform.state().instances.map(({ name }) => name)).toEqual(['shop-collector', 'shop-collector-2'])
  })
})
