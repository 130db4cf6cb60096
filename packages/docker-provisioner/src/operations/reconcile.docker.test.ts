import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { testImage, whyNoImage } from '../../test/support/test-image.js'
import { descriptionOf, testInstance } from '../../test/support/test-instance.js'
import { dockerEngine } from '../engine/docker/docker-engine.js'
import { labels, managedByUs } from '../labels.js'
import { redisRecipe } from '../recipes/redis-recipe.js'
import type { LostService } from './lost-service.js'
import { reconcile } from './reconcile.js'

const reason = await whyNoImage('redis')
const recipe = redisRecipe({ image: testImage('redis'), plans: { small: { memoryMb: 32, pids: 32 }, other: {} } })
const engine = dockerEngine()

describe('on a Docker engine', { timeout: 300_000 }, () => {
  const broker = `test-${randomUUID()}`
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason)
  })
  afterEach(async () => {
    if (reason !== undefined) return
    for (const resource of await engine.list({ [labels.broker]: broker })) await engine.remove(resource)
  })

  it('reconcile reports what was left behind and what drifted, and removes only what is old and its own', async () => {
    const make = (name = broker) => testInstance(recipe, engine, 'small', { broker: name })
    const [good, lost, stopped, moved, foreign] = [make(), make(), make(), make(), make(`other-${broker}`)]
    for (const instance of [good, lost, stopped, moved, foreign]) await instance.provision()
    try {
      await engine.stopContainer(stopped.names.container)
      const missing = make()
      const known = [good.known(), stopped.known(), { ...moved.known(), plan_id: 'plan-other' }, missing.known()]
      const young = await reconcile(engine, known, { broker, remove: true })
      expect(young.orphans, 'too young').toEqual([])
      expect(young.drifted.map(({ what }) => what)).toEqual(['stopped', 'plan', 'missing'])

      const plans = [{ id: 'plan-small', name: 'small' }]
      const offerings = (changed: typeof recipe) => [{ id: 'service', recipe: changed, plans }]
      const specOf = async (changed: typeof recipe) =>
        (await reconcile(engine, [good.known()], { broker, offerings: offerings(changed) })).drifted
      expect(await specOf(recipe), 'as it was made').toEqual([])
      const moreMemory = { ...recipe, plans: { ...recipe.plans, small: { memoryMb: 40, pids: 32 } } }
      expect(await specOf(moreMemory)).toMatchObject([{ what: 'spec', instance_id: good.known().instance_id }])
      expect(await specOf({ ...recipe, image: 'another:1' }), 'a newer image is no drift').toEqual([])

      const report = await reconcile(engine, known, { broker, olderThanMs: 0 })
      expect(report.orphans.map(({ kind }) => kind)).toEqual(['container', 'network', 'volume', 'volume'])
      expect(new Set(report.orphans.map((found) => found.labels[labels.instance]))).toEqual(
        new Set([lost.names.instance]),
      )
      expect(report.removed).toEqual([])
      expect((await engine.inspectContainer(lost.names.container))?.state, 'a dry run').toBe('running')

      const removing = await reconcile(engine, known, { broker, olderThanMs: 0, remove: true })
      expect(removing.removed).toEqual(removing.orphans)
      expect(removing.removed).toHaveLength(4)
      expect(await engine.list({ [labels.instance]: lost.names.instance })).toEqual([])
      for (const { names } of [good, foreign]) {
        expect((await engine.inspectContainer(names.container))?.state).toBe('running')
      }
    } finally {
      await foreign.deprovision()
    }
  })

  it('adopts a service that nobody has on record, with its secrets, and removes nothing of one that it cannot adopt', async () => {
    const make = () => testInstance(recipe, engine, 'small', { broker })
    const [lost, stopped, unknown] = [make(), make(), make()]
    for (const instance of [lost, stopped, unknown]) await instance.provision()
    await engine.stopContainer(stopped.names.container)
    const offerings = [{ id: 'service', recipe, plans: [{ id: 'plan-small', name: 'small' }] }]
    const services: LostService[] = []
    const adopt = async (service: LostService) => {
      services.push(service)
      return service.instance_id !== unknown.ids().instance_id
    }
    const options = { broker, olderThanMs: 0, adopt, remove: true }
    const young = await reconcile(engine, [], { ...options, offerings, olderThanMs: 3_600_000 })
    expect(young, 'it may just be coming').toMatchObject({ adopted: [], removed: [], failures: [] })

    const report = await reconcile(engine, [], { ...options, offerings })
    const adopted = { tenant: '', instance_id: lost.ids().instance_id, service_id: 'service', plan_id: 'plan-small' }
    expect(report.adopted).toEqual([adopted])
    expect(report.removed).toEqual([])
    expect(report.failures).toEqual([
      {
        resource: expect.objectContaining({ name: stopped.names.container }) as object,
        error: expect.anything() as object,
      },
    ])
    expect(JSON.stringify(report)).not.toContain(lost.state()?.secrets['admin'])
    expect(services.map(({ state }) => state)).toEqual(
      expect.arrayContaining([lost.state(), unknown.state()].map((state) => expect.objectContaining(state))),
    )

    const others = await reconcile(engine, [lost.known(), stopped.known()], { ...options, offerings: [] })
    expect(others.adopted, 'no offering has it').toEqual([])
    expect(others.removed).toHaveLength(4)
    await lost.bind('b-after')
    await lost.deprovision()
    await stopped.deprovision()
  })

  it('reconcile of 200 instances lists once and inspects nothing', async () => {
    const list = vi.fn(async () =>
      Array.from({ length: 200 }, (_, index) => ({
        kind: 'container' as const,
        name: `c${index}`,
        labels: { [labels.managedBy]: managedByUs, [labels.instance]: `${index}` },
        createdAtMs: 0,
        state: 'running' as const,
      })),
    )
    const report = await reconcile({ list } as never, [], {})
    expect(report.orphans).toHaveLength(200)
    expect(list).toHaveBeenCalledTimes(1)
  })

  it('a quota of 50 lets exactly 50 in at concurrency 8, with a port and a subnet each, and makes nothing for the 51st', async () => {
    const quota = { host: 50 }
    const instances = Array.from({ length: 51 }, () => testInstance(recipe, engine, 'small', { broker, quota }))
    const refusals: string[] = []
    const queue = instances.values()
    const worker = async () => {
      for (const instance of queue) {
        const description = await descriptionOf(instance.provision())
        if (description !== 'Error: it succeeded') refusals.push(`${instance.names.instance}: ${description}`)
      }
    }
    await Promise.all(Array.from({ length: 8 }, worker))
    expect(refusals).toEqual([expect.stringContaining('the quota of this broker is used up: 50 of 50')])
    const refused = refusals[0]?.split(':')[0] ?? ''
    expect(await engine.list({ [labels.instance]: refused })).toEqual([])
    const found = await engine.list({ [labels.broker]: broker })
    const count = (kind: string) => found.filter((resource) => resource.kind === kind).length
    expect([count('container'), count('network'), count('volume')]).toEqual([50, 50, 100])
    const ports = found.flatMap((resource) => resource.labels[labels.published] ?? [])
    expect(new Set(ports).size).toBe(50)
    const removals = found.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))
    for (const resource of removals) await engine.remove(resource)
  })
})
