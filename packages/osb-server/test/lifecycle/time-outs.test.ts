import { OsbError } from 'osb-server'
import { describe, expect, it } from 'vitest'
import { type Handlers, incomplete, testBroker } from '../support/test-broker.js'

const hints = { instance_usable: false, update_repeatable: false }
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve())
  })

describe('ERR-05, ERR-06: a synchronous update that takes too long is 500 with what its function says', () => {
  it.each<[string, NonNullable<Handlers['update']>]>([
    [
      'in the error that it throws',
      async ({ signal }) => {
        await aborted(signal)
        throw OsbError.internal(signal.reason, hints)
      },
    ],
    [
      'in an error that would be a 4xx',
      async ({ signal }) => {
        await aborted(signal)
        throw OsbError.unprocessable('half way', hints)
      },
    ],
    [
      'with its progress',
      async ({ signal, progress }) => {
        await progress('moving the data', hints)
        await aborted(signal)
        throw signal.reason
      },
    ],
    [
      'with its progress, though it returns',
      async ({ signal, progress }) => {
        await progress('', hints)
        await aborted(signal)
        return {}
      },
    ],
  ])('%s', async (_where, update) => {
    const made = testBroker({ update }, { syncTimeoutMs: 60 })
    await made.provision('i', { parameters: { size: 1 } })
    const late = await made.update('i', { parameters: { size: 2 } })
    expect(late).toMatchObject({ status: 500, body: hints })
    expect((await made.poll('i')).body).toMatchObject({ state: 'failed', ...hints })
    expect((await made.send('GET', '/v2/service_instances/i')).body).toMatchObject({ parameters: { size: 1 } })
  })

  it('with its progress, though it heeds no signal', async () => {
    const update: Handlers['update'] = async ({ progress }) => {
      await progress('moving the data', hints)
      return new Promise(() => {})
    }
    const made = testBroker({ update }, { syncTimeoutMs: 60 })
    await made.provision('i')
    expect(await made.update('i', { parameters: { size: 2 } })).toMatchObject({ status: 500, body: hints })
  })

  it('and nothing of it when the update succeeds', async () => {
    const update: Handlers['update'] = async ({ progress }) => {
      await progress('moving the data', hints)
      return {}
    }
    const made = testBroker({ update })
    await made.provision('i')
    expect(await made.update('i', { parameters: { size: 2 } })).toMatchObject({ status: 200, body: {} })
    expect((await made.poll('i')).body).toEqual({ state: 'succeeded' })
  })
})

it.each(['provision', 'bind'] as const)(
  'a 4xx that a %s throws because it was aborted is 500, and leaves a failed create to delete',
  async (what) => {
    const refuse = async ({ signal }: { readonly signal: AbortSignal }) => {
      await aborted(signal)
      throw OsbError.unprocessable('interrupted')
    }
    let deleted = 0
    const remove = async () => {
      deleted++
    }
    const made = testBroker({ [what]: refuse, deprovision: remove, unbind: remove }, { syncTimeoutMs: 60 })
    if (what === 'bind') expect((await made.provision('i')).status).toBe(201)
    const late = what === 'bind' ? await made.bind('i', 'b') : await made.provision('i')
    expect(late.status).toBe(500)
    const removed = what === 'bind' ? await made.unbind('i', 'b') : await made.deprovision('i')
    expect(removed.status).toBe(200)
    expect(deleted).toBe(1)
  },
)

it('SYN-10: no call without accepts_incomplete=true is answered 202, repeats of one that was included', async () => {
  const slow = () => new Promise((resolve) => setTimeout(resolve, 80))
  const made = testBroker({
    provision: async () => {
      await slow()
      return { state: { host: 'h' } }
    },
    update: async () => {
      await slow()
      return {}
    },
    bind: async () => {
      await slow()
      return { credentials: {} }
    },
    unbind: async () => {
      await slow()
    },
    deprovision: async () => {
      await slow()
    },
  })
  const change = { parameters: { size: 1 } }
  const calls: [(query?: string) => Promise<{ status: number }>, done: number][] = [
    [(query) => made.provision('i', {}, query), 200],
    [(query) => made.update('i', change, query), 200],
    [(query) => made.bind('i', 'b', {}, query), 200],
    [(query) => made.unbind('i', 'b', query), 200],
    [(query) => made.deprovision('i', query), 200],
  ]
  for (const [call, done] of calls) {
    expect((await call(incomplete)).status).toBe(202)
    expect((await call('?accepts_incomplete=false')).status).toBe(done)
  }
})
