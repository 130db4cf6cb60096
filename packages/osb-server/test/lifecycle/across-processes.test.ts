import { memoryStore, OsbError } from 'osb-server'
import { describe, expect, it } from 'vitest'
import { type Answer, gate, type Handlers, incomplete, testBroker } from '../support/test-broker.js'

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Two brokers on one store, as two processes are; their functions are the same ones. */
function pair(handlers: Handlers) {
  const store = memoryStore()
  return [testBroker(handlers, { store }), testBroker(handlers, { store })] as const
}

describe.each(['one broker', 'two brokers on one store'] as const)('ten provisions at once, to %s', (which) => {
  function world() {
    const ran: unknown[] = []
    const provision: Handlers['provision'] = async ({ parameters }) => {
      ran.push(parameters)
      await after(40)
      return { state: { host: 'h' } }
    }
    const brokers = pair({ provision })
    const of = (index: number) => brokers[which === 'one broker' ? 0 : index % 2] ?? brokers[0]
    const ten = (call: (index: number) => Promise<Answer>) =>
      Promise.all(Array.from({ length: 10 }, (_, index) => call(index)))
    return { ran, of, ten }
  }
  const counts = (answers: readonly Answer[]) =>
    Object.fromEntries(
      [...new Set(answers.map(({ status }) => status))].map((status) => [
        status,
        answers.filter((answer) => answer.status === status).length,
      ]),
    )

  it('PROV-12, PROV-13: identical ones: one create, one 201 and nine 200', async () => {
    const { ran, of, ten } = world()
    expect(counts(await ten((index) => of(index).provision('i')))).toEqual({ 200: 9, 201: 1 })
    expect(ran).toHaveLength(1)
  })

  it('PROV-15, PROV-16: identical ones that take 202: one create, ten 202 with one operation', async () => {
    const { ran, of, ten } = world()
    const answers = await ten((index) => of(index).provision('i', {}, incomplete))
    expect(counts(answers)).toEqual({ 202: 10 })
    const operations = new Set(answers.map(({ body }) => body.operation))
    expect(operations.size).toBe(1)
    expect((await of(1).pollToEnd('i', [...operations][0])).body).toEqual({ state: 'succeeded' })
    expect(ran).toHaveLength(1)
  })

  it('PROV-19: different ones: one create, nine 409, and the instance is that of the create', async () => {
    const { ran, of, ten } = world()
    const answers = await ten((index) => of(index).provision('i', { parameters: { size: index } }))
    expect(counts(answers)).toEqual({ 201: 1, 409: 9 })
    expect(ran).toEqual([{ charset: 'utf8', size: answers.findIndex(({ status }) => status === 201) }])
  })
})

describe('a repeat that joins in another process gets what the author said', () => {
  const refusal = () => OsbError.unprocessable('no room', { instance_usable: false, update_repeatable: false })

  it.each<[string, (broker: ReturnType<typeof testBroker>) => Promise<Answer>, object]>([
    [
      'provision',
      ({ provision }) => provision('i'),
      { status: 422, body: { error: 'Unprocessable', description: 'no room' } },
    ],
    [
      'update',
      ({ update }) => update('i', { parameters: { size: 1 } }),
      { status: 422, body: { description: 'no room', instance_usable: false, update_repeatable: false } },
    ],
    ['bind', ({ bind }) => bind('i', 'b'), { status: 422, body: { description: 'no room' } }],
    ['deprovision', ({ deprovision }) => deprovision('i'), { status: 422, body: { instance_usable: false } }],
    ['unbind', ({ unbind }) => unbind('i', 'b'), { status: 422, body: { description: 'no room' } }],
  ])('%s', async (what, call, expected) => {
    const held = gate()
    const begun = gate()
    const refuse = async () => {
      begun.open()
      await held.passed
      throw refusal()
    }
    const [first, other] = pair({ [what]: refuse })
    if (what !== 'provision') await first.provision('i')
    if (what === 'unbind') await first.bind('i', 'b')
    const answers = Promise.all([call(first), begun.passed.then(() => call(other))])
    await begun.passed
    await after(20)
    held.open()
    const [own, joined] = await answers
    expect(own).toMatchObject(expected)
    expect(joined.body).toEqual(own.body)
    expect(joined.status).toBe(own.status)
  })

  it('an unforeseen error is the constant 500 there, too', async () => {
    const held = gate()
    const [first, other] = pair({
      provision: async () => {
        await held.passed
        throw new Error('secret detail')
      },
    })
    const waiting = first.provision('i')
    await after(10)
    const joining = other.provision('i')
    await after(10)
    held.open()
    const answers = await Promise.all([waiting, joining])
    expect(answers.map(({ status }) => status)).toEqual([500, 500])
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain('detail')
  })
})

describe('T23: a poll that comes late, when the next operation has begun', () => {
  it('LOI-28: still finds how an update came out', async () => {
    const held = gate()
    const made = testBroker({
      update: async ({ parameters }) => {
        if (parameters && 'size' in parameters && parameters.size === 1)
          throw OsbError.unprocessable('no room', { instance_usable: true, update_repeatable: false })
        await held.passed
        return {}
      },
    })
    await made.provision('i')
    await made.update('i', { parameters: { size: 1 } })
    const { operation: failed } = (await made.store.read({ tenant: '', instance_id: 'i' })).instance ?? {}
    const next = await made.update('i', { parameters: { size: 2 } }, incomplete)
    expect(await made.poll('i', failed?.id)).toMatchObject({
      status: 200,
      body: { state: 'failed', description: 'no room', instance_usable: true, update_repeatable: false },
    })
    expect((await made.poll('i', next.body.operation)).body).toEqual({ state: 'in progress' })
    held.open()
    await made.pollToEnd('i', next.body.operation)
    await made.deprovision('i')
    expect((await made.poll('i', next.body.operation)).body).toEqual({ state: 'succeeded' })
  })

  it('A4: still finds a delete succeeded when the id lives again', async () => {
    const made = testBroker({ deprovision: () => after(40) as Promise<void> })
    await made.provision('i')
    const { body } = await made.deprovision('i', incomplete)
    await made.pollToEnd('i', body.operation)
    expect((await made.provision('i')).status).toBe(201)
    expect((await made.poll('i', body.operation)).body).toEqual({ state: 'succeeded' })
    expect((await made.poll('i')).body).toEqual({ state: 'succeeded' })
  })
})
