import { describe, expect, it } from 'vitest'
import { gate, incomplete, testBroker } from '../support/test-broker.js'

const concurrency = { status: 422, body: { error: 'ConcurrencyError', description: expect.stringMatching(/./) } }
const asyncRequired = { status: 422, body: { error: 'AsyncRequired', description: expect.stringMatching(/./) } }

describe('an offering whose operations are always asynchronous', () => {
  async function broker() {
    const running = testBroker({}, { properties: { async: 'always' } })
    await running.provision('there', {}, incomplete)
    await running.pollToEnd('there')
    await running.bind('there', 'bound', {}, incomplete)
    await running.pollToEnd('there/service_bindings/bound')
    return running
  }
  type Running = Awaited<ReturnType<typeof broker>>

  it.each<[rules: string, call: (running: Running, query: string) => Promise<unknown>]>([
    ['PROV-05, PROV-20, PROV-21: provision', ({ provision }, query) => provision('new', {}, query)],
    ['UPD-09, UPD-30, UPD-31: update', ({ update }, query) => update('there', { parameters: { size: 1 } }, query)],
    ['BIND-12, BIND-34, BIND-35: bind', ({ bind }, query) => bind('there', 'new', {}, query)],
    ['UNB-10, UNB-18, UNB-19: unbind', ({ unbind }, query) => unbind('there', 'bound', query)],
    ['DEP-09, DEP-17, DEP-18: deprovision', ({ deprovision }, query) => deprovision('there', query)],
  ])('%s is refused without accepts_incomplete, and says why (SYN-12)', async (_rules, call) => {
    const running = await broker()
    expect(await call(running, '')).toMatchObject(asyncRequired)
    expect(await call(running, '?accepts_incomplete=false')).toMatchObject(asyncRequired)
    expect([200, 201, 202]).toContain(((await call(running, incomplete)) as { status: number }).status)
  })

  it('ROT-09: a rotation is refused without accepts_incomplete', async () => {
    const running = testBroker({}, { properties: { async: 'always' } })
    await running.provision('i', { plan_id: 'plan-large' }, incomplete)
    await running.pollToEnd('i')
    const large = { plan_id: 'plan-large' }
    await running.bind('i', 'old', large, incomplete)
    await running.pollToEnd('i/service_bindings/old')
    const rotation = { ...large, predecessor_binding_id: 'old' }
    expect(await running.bind('i', 'new', rotation)).toMatchObject(asyncRequired)
    expect([201, 202]).toContain((await running.bind('i', 'new', rotation, incomplete)).status)
  })
})

describe('work that is done in time is answered as done', () => {
  it('SYN-05: 201 for provision and bind, 200 for update, unbind and deprovision', async () => {
    const { provision, bind, update, unbind, deprovision } = testBroker()
    expect((await provision('i')).status).toBe(201)
    expect((await update('i', { parameters: { size: 1 } })).status).toBe(200)
    expect((await bind('i', 'b')).status).toBe(201)
    expect((await unbind('i', 'b')).status).toBe(200)
    expect((await deprovision('i')).status).toBe(200)
  })

  it('SYN-02, SYN-09: also where the platform would take 202', async () => {
    const { provision, bind, update, unbind, deprovision } = testBroker()
    expect((await provision('i', {}, incomplete)).status).toBe(201)
    expect((await update('i', { parameters: { size: 1 } }, incomplete)).status).toBe(200)
    expect((await bind('i', 'b', {}, incomplete)).status).toBe(201)
    expect((await unbind('i', 'b', incomplete)).status).toBe(200)
    expect((await deprovision('i', incomplete)).status).toBe(200)
  })

  it('SYN-06: 200 to a provision that asks for what is there', async () => {
    const { provision } = testBroker()
    await provision('i', { parameters: { size: 1 } })
    expect((await provision('i', { parameters: { size: 1 } })).status).toBe(200)
  })
})

describe('work that takes longer', () => {
  it('SYN-01, SYN-03, SYN-13: is answered 202 while it runs, and found done by polling', async () => {
    const work = gate()
    const { provision, poll, pollToEnd } = testBroker({
      provision: async () => {
        await work.passed
        return { state: { host: 'h' } }
      },
    })
    expect((await provision('i', {}, incomplete)).status).toBe(202)
    expect((await poll('i')).body['state']).toBe('in progress')
    work.open()
    expect((await pollToEnd('i')).body['state']).toBe('succeeded')
  })

  it('SYN-04: one plan may be made at once, the other one in the background', async () => {
    const work = gate()
    const { provision, pollToEnd } = testBroker({
      provision: async ({ plan_name }) => {
        if (plan_name === 'large') await work.passed
        return { state: { host: 'h' } }
      },
    })
    expect((await provision('quick', {}, incomplete)).status).toBe(201)
    expect((await provision('slow', { plan_id: 'plan-large' }, incomplete)).status).toBe(202)
    work.open()
    await pollToEnd('slow')
  })

  it('PROV-29, UPD-44, BIND-38, UNB-23, DEP-24: its 202 names the operation, by which it can be polled', async () => {
    let work = gate()
    const held = () => work.passed
    const running = testBroker({
      provision: async () => {
        await held()
        return { state: { host: 'h' } }
      },
      update: async () => {
        await held()
        return {}
      },
      bind: async () => {
        await held()
        return {}
      },
      unbind: held,
      deprovision: held,
    })
    const { provision, update, bind, unbind, deprovision } = running
    const steps: [id: string, call: () => ReturnType<typeof provision>][] = [
      ['i', () => provision('i', {}, incomplete)],
      ['i', () => update('i', { parameters: { size: 2 } }, incomplete)],
      ['i/service_bindings/b', () => bind('i', 'b', {}, incomplete)],
      ['i/service_bindings/b', () => unbind('i', 'b', incomplete)],
      ['i', () => deprovision('i', incomplete)],
    ]
    for (const [id, call] of steps) {
      work = gate()
      const { status, body } = await call()
      expect(status).toBe(202)
      expect((await running.poll(id, body.operation)).body['state']).toBe('in progress')
      work.open()
      expect((await running.pollToEnd(id, body.operation)).body['state']).toBe('succeeded')
    }
  })
})

describe('concurrency', () => {
  it('BLK-01, BLK-03: instances do not hinder each other, two changes of one do, with a reason', async () => {
    const work = gate()
    const { provision, update, pollToEnd } = testBroker({
      update: async () => {
        await work.passed
        return {}
      },
    })
    await provision('i')
    expect((await update('i', { parameters: { size: 1 } }, incomplete)).status).toBe(202)
    expect((await provision('another')).status).toBe(201)
    expect(await update('i', { parameters: { size: 2 } }, incomplete)).toMatchObject(concurrency)
    work.open()
    await pollToEnd('i')
    expect((await update('i', { parameters: { size: 2 } })).status).toBe(200)
  })

  it('BLK-05: the creation of a binding counts as a change of its instance', async () => {
    const work = gate()
    const { provision, bind, update, deprovision, pollToEnd } = testBroker({
      bind: async () => {
        await work.passed
        return {}
      },
    })
    await provision('i')
    await bind('i', 'b', {}, incomplete)
    expect(await update('i', { parameters: { size: 1 } }, incomplete)).toMatchObject(concurrency)
    expect(await deprovision('i', incomplete)).toMatchObject(concurrency)
    work.open()
    await pollToEnd('i/service_bindings/b')
  })
})
